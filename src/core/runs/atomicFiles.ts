/**
 * Files that are whole or absent, whatever happens: written aside, synced, renamed, and the rename synced.
 * Without the sync before the rename a power loss may leave the new name with no content.
 */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export type FileContent = string | Uint8Array;

/** Names that a crash may leave behind; readers skip them and opening a run removes them. */
export const temporarySuffix = '.part';

/** Writes several files of one folder; each is whole or absent, and they appear in the given order. */
export async function writeFilesAtomic(
  directory: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<void> {
  const targets = Object.entries(files).map(([name, content]) => ({
    target: path.join(directory, name),
    content,
  }));
  await Promise.all(targets.map(({ target, content }) => writeSynced(aside(target), content)));
  for (const { target } of targets) await rename(aside(target), target);
  await syncDirectory(directory);
}

export async function writeFileAtomic(file: string, content: FileContent): Promise<void> {
  await writeFilesAtomic(path.dirname(file), { [path.basename(file)]: content });
}

/** Makes renames, creations and removals in a folder durable. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open folders; there the rename is written through by the file system's journal.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeSynced(file: string, content: FileContent): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

function aside(file: string): string {
  return `${file}${temporarySuffix}`;
}
