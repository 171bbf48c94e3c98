/**
 * Installs packaged extensions once for many hosts: ours holds a Node.js of 140 MB, which takes seconds to unpack. Each
 * host has a folder of extensions of its own, with links to the same files.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnvironment } from './environment.ts';
import { installVscodeHost } from './install.ts';

/** VS Code's list of what is installed; it names folders by their full paths. */
const listFile = 'extensions.json';

const builtinFolder = 'node_modules/code-server/lib/vscode/extensions';

/** @returns a new folder with these extensions; the caller removes its parent, which holds no more than that. */
export function installExtensions(packages: readonly string[]): string {
  const { node, entry } = installVscodeHost();
  const root = fs.mkdtempSync('/tmp/tb-ext-');
  for (const folder of ['home', 'tmp']) fs.mkdirSync(path.join(root, folder));
  const to = path.join(root, 'extensions');
  const args = [entry, '--user-data-dir', path.join(root, 'ud'), '--extensions-dir', to];
  for (const file of packages) args.push('--install-extension', path.resolve(file));
  execFileSync(node, args, { env: cleanEnvironment(root), stdio: 'pipe' });
  return to;
}

/**
 * @param from what `installExtensions` returned.
 * @param to an empty folder for the host's extensions.
 */
export function linkExtensions(from: string, to: string): void {
  execFileSync('cp', ['-al', ...fs.readdirSync(from).map((name) => path.join(from, name)), to]);
  const list = path.join(to, listFile);
  const text = fs.readFileSync(list, 'utf8');
  fs.rmSync(list); // it is a link
  fs.writeFileSync(list, text.replaceAll(from, to));
}

/** Themes, icons, languages of the files that our tests open, the preview of Markdown. */
const neededBuiltins = [
  'configuration-editing',
  'javascript',
  'json',
  'json-language-features',
  'markdown-basics',
  'markdown-language-features',
  'media-preview',
  'python',
  'shellscript',
  'theme-defaults',
  'theme-seti',
  'yaml',
];

/** @returns `to`, a new folder, with links to VS Code's own extensions that our tests need. */
export function linkNeededBuiltins(to: string): string {
  const from = path.join(installVscodeHost().directory, builtinFolder);
  fs.mkdirSync(to);
  for (const name of neededBuiltins) fs.symlinkSync(path.join(from, name), path.join(to, name));
  return to;
}
