/** The packaged extension, an empty one to compare it with, and one with accounts, as VS Code installs them. */
import fs from 'node:fs';
import path from 'node:path';
import { installExtensions } from '../vscode-host/installedExtensions.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Where the stage has installed them for all its files; a file that runs by itself installs its own. */
export const preparedVariable = 'TRAINBENCH_UI_EXTENSIONS';

let installed: Promise<string> | null = null;

/** @returns a folder of installed extensions, to share; the files are those of the last build. */
export function packedExtensions(): Promise<string> {
  const prepared = process.env[preparedVariable];
  if (prepared !== undefined) return Promise.resolve(prepared);
  installed ??= packAndInstall();
  return installed;
}

/** Loads what packs only here: most files of tests find everything prepared. */
async function packAndInstall(): Promise<string> {
  const { packageVsix } = await import('../../src/build/packageVsix.ts');
  const folder = installExtensions([
    await packageVsix('linux-x64'),
    await packOfTests('emptyView'),
    await packOfTests('azureSignIn'),
  ]);
  const remove = () => fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  process.once('exit', remove);
  return folder;
}

async function packOfTests(name: string): Promise<string> {
  const { createVSIX } = await import('@vscode/vsce');
  const packagePath = path.join(root, 'out', `${name}.vsix`);
  fs.mkdirSync(path.dirname(packagePath), { recursive: true });
  const cwd = path.join(import.meta.dirname, name);
  await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}
