/** The details of a compute as a file, not a document of memory: so its tab has something to show after a reload. */
import { createHash } from 'node:crypto';
import { commands, Uri, workspace } from 'vscode';

export interface DetailsFile {
  /** The extension's own folder. */
  readonly storage: Uri;
  /** Of the compute, which the tab is named for. */
  readonly name: string;
  /** Tells it from those of its name elsewhere. */
  readonly id: string;
  /** Markdown. */
  readonly text: string;
}

export async function showDetailsFile({ storage, name, id, text }: DetailsFile): Promise<void> {
  const folder = createHash('sha256').update(id.toLowerCase()).digest('hex').slice(0, 16);
  const file = Uri.joinPath(storage, 'azure', folder, `${name.replaceAll(/[^\w-]/g, '_')}.md`);
  await workspace.fs.writeFile(file, Buffer.from(text));
  await commands.executeCommand('markdown.showPreview', file);
}
