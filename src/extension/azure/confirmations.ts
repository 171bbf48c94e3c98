/** What cannot be undone is confirmed by typing the name; what ends work or costs money by a button that says so. */
import { l10n, window } from 'vscode';

export async function agreed(text: string, button: string): Promise<boolean> {
  return (await chosen(text, [button])) === button;
}

/** @returns the button; undefined where the user gave up. */
export async function chosen(
  text: string,
  buttons: readonly string[],
  detail?: string,
): Promise<string | undefined> {
  const options = detail === undefined ? { modal: true } : { modal: true, detail };
  return window.showWarningMessage(text, options, ...buttons);
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
