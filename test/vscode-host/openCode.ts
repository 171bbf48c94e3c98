/**
 * `npm run code`: VS Code in the browser with the packaged extension and a copy of the samples, for those without a
 * desktop. Prints the address and stays until Ctrl+C.
 *
 *   TRAINBENCH_CODE_PORT    the port, 8765 by default
 *   TRAINBENCH_CODE_FOLDER  another folder to open
 *
 * Where the system speaks Spanish, the extension does.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { packageVsix } from '../../src/build/packageVsix.ts';
import { startHost } from './host.ts';
import { installExtensions } from './installedExtensions.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A copy that survives the next start, so that nobody's runs get lost and the samples stay as they are. */
function playground(): string {
  const folder = path.join(root, 'out', 'playground');
  fs.cpSync(path.join(root, 'samples'), folder, { recursive: true, force: false });
  return folder;
}

// Whoever wants to see the extension wants it as the sources are now.
execFileSync(process.execPath, ['--import', 'tsx', path.join(root, 'src/build/esbuild.ts')], {
  cwd: root,
  stdio: 'inherit',
});
const vsix = await packageVsix('linux-x64');
const folder = path.resolve(process.env['TRAINBENCH_CODE_FOLDER'] ?? playground());
const port = Number(process.env['TRAINBENCH_CODE_PORT'] ?? 8765);
const language = process.env['LC_ALL'] || process.env['LANG'] || '';
const spanish = /^es(?![a-z])/i.test(language) ? { locale: 'es' } : {};
const extensions = installExtensions([vsix]);
const host = await startHost({ extensions, port, ...spanish });
const address = `${host.origin}/?folder=${encodeURIComponent(folder)}`;
process.stdout.write(
  `\nVS Code with Trainbench: ${address}\n` +
    'Right-click penguins/penguins.train.yaml > Train This Config. Ctrl+C here ends it.\n',
);
await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
});
await host.stop();
fs.rmSync(path.dirname(extensions), { recursive: true, force: true });
