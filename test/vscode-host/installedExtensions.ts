/**
 * Installs packaged extensions once for all hosts of a process: ours holds a Node.js of 140 MB, which takes seconds to
 * unpack. Each host has a folder of extensions of its own, with links to the same files.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** VS Code's list of what is installed; it names folders by their full paths. */
const listFile = 'extensions.json';

/** By their packages. */
const installed = new Map<string, string>();

/**
 * @param to an empty folder for the host's extensions.
 * @param install runs VS Code's command line on a folder of extensions: `--install-extension <file>`.
 */
export function linkExtensions(
  packages: readonly string[],
  to: string,
  install: (folder: string, file: string) => void,
): void {
  const key = packages.join('\n');
  const from = installed.get(key) ?? installOnce(packages, install);
  installed.set(key, from);
  execFileSync('cp', ['-al', ...fs.readdirSync(from).map((name) => path.join(from, name)), to]);
  const list = path.join(to, listFile);
  const text = fs.readFileSync(list, 'utf8');
  fs.rmSync(list); // it is a link
  fs.writeFileSync(list, text.replaceAll(from, to));
}

function installOnce(
  packages: readonly string[],
  install: (folder: string, file: string) => void,
): string {
  const folder = fs.mkdtempSync('/tmp/tb-ext-');
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const file of packages) install(folder, path.resolve(file));
  return folder;
}
