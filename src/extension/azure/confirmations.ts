/** What cannot be undone is confirmed by typing the name; what ends work or costs money by a button that says so. */
import { l10n, window } from 'vscode';

export async function agreed(text: string, button: string): Promise<boolean> {
  return (await window.showWarningMessage(text, { modal: true }, button)) === button;
}

export async function typedName(name: string, title: string): Promise<boolean> {
  const text = await window.showInputBox({
    title,
    prompt: l10n.t('Type {0} to go on.', name),
    placeHolder: name,
    ignoreFocusOut: true,
  });
  return text === name;
}
