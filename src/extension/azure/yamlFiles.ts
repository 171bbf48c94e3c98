/** Documents of computes as files: kept from a form, shown of what exists. */
import { Uri, window, workspace } from 'vscode';
import { documentText } from '../../azure/yaml/computeDocument.ts';
import type { Tree } from '../../azure/yaml/fields.ts';

/** Asks where to, writes it and opens it. Nothing happens where the user gives up. */
export async function saveYaml(document: Tree): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `${String(document['name'])}.compute.yml`;
  const target = await window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
    filters: { YAML: ['yml', 'yaml'] },
  });
  if (target === undefined) return;
  await workspace.fs.writeFile(target, Buffer.from(documentText(document)));
  await window.showTextDocument(target);
}

/** As a document that is in no file yet. */
export async function showYaml(text: string): Promise<void> {
  const document = await workspace.openTextDocument({ language: 'yaml', content: text });
  await window.showTextDocument(document);
}
