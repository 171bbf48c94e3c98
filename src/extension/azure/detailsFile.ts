/**
 * The details of a compute as a file, not a document of memory: so its tab has something to show after a reload. They name
 * addresses and people, so they go when nobody looks at them any more.
 */
import { createHash } from 'node:crypto';
import { commands, FileType, Uri, window, workspace } from 'vscode';
import type { Disposes } from '../lifetime.ts';

export interface DetailsFile {
  /** Of the compute, which the tab is named for. */
  readonly name: string;
  /** Tells it from those of its name elsewhere. */
  readonly id: string;
  /** Markdown. */
  readonly text: string;
}

/** Whether a file may go. */
type Wanted = (file: string, uri: Uri) => boolean | Promise<boolean>;

/** Younger ones may belong to another window without a folder, which shares our storage. */
const keepMs = 3_600_000;

export class DetailsFiles implements Disposes {
  readonly #folder: Uri;
  readonly #closing: Disposes;

  /** @param storage of the extension, for this folder where one is open. */
  constructor(storage: Uri) {
    this.#folder = Uri.joinPath(storage, 'azure');
    this.#closing = window.tabGroups.onDidChangeTabs(({ closed }) => {
      const labels = closed.map(({ label }) => label);
      if (labels.length > 0) this.#tidy((file) => labels.some(showsFile(file)));
    });
    // What an earlier window has left: its tabs were closed before anything of Azure was looked at.
    this.#tidy(async (_, uri) => Date.now() - (await modified(uri)) > keepMs);
  }

  async show({ name, id, text }: DetailsFile): Promise<void> {
    const folder = createHash('sha256').update(id.toLowerCase()).digest('hex').slice(0, 16);
    const file = Uri.joinPath(this.#folder, folder, `${name.replaceAll(/[^\w-]/g, '_')}.md`);
    await workspace.fs.writeFile(file, Buffer.from(text));
    await commands.executeCommand('markdown.showPreview', file);
  }

  dispose(): void {
    this.#closing.dispose();
  }

  /** In the background; what another window removes at the same time is gone as well. */
  #tidy(isWanted: Wanted): void {
    void this.#remove(isWanted).catch(() => undefined);
  }

  /** Removes those that are wanted gone and that no tab shows. A tab of a preview tells nothing of its file but the name. */
  async #remove(isWanted: Wanted): Promise<void> {
    for (const [folder, type] of await entries(this.#folder)) {
      if (type !== FileType.Directory) continue;
      const below = Uri.joinPath(this.#folder, folder);
      const files = (await entries(below)).map(([file]) => file);
      const wanted = await Promise.all(
        files.map(async (file) => isWanted(file, Uri.joinPath(below, file))),
      );
      const areShown = files.some((file) => openTabs().some(showsFile(file)));
      if (areShown || !wanted.every(Boolean)) continue;
      await workspace.fs.delete(below, { recursive: true });
    }
  }
}

const showsFile = (file: string) => (label: string) => label.endsWith(file);

function openTabs(): readonly string[] {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
}

/** None where there is no such folder yet. */
async function entries(folder: Uri): Promise<[string, FileType][]> {
  return Promise.resolve(workspace.fs.readDirectory(folder)).catch(() => []);
}

async function modified(file: Uri): Promise<number> {
  return (await workspace.fs.stat(file)).mtime;
}
