/** A run's model from a terminal: the line that predicts once, and a server with the line that asks it. */
import { createServer } from 'node:net';
import { l10n, ThemeIcon, window, workspace } from 'vscode';
import { cliProgram } from '../core/cliProgram.ts';
import { shellLine } from '../core/shellLine.ts';
import type { Services } from '../services.ts';

/** Opens the line that predicts the run's example row. */
export async function showCommandLine(services: Services, directory: string): Promise<void> {
  const { example } = await inputsOf(services, directory);
  const { executable, script } = cliProgram(services.extensionUri.fsPath);
  const input = JSON.stringify(example);
  await showShell([shellLine([executable, script, 'predict', directory, '--input', input])]);
}

/** Serves the run's model in a terminal of its own and opens the line that asks it. */
export async function serveModel(services: Services, directory: string): Promise<void> {
  const { example, name } = await inputsOf(services, directory);
  const port = await freePort();
  const { executable, script, environment: env } = cliProgram(services.extensionUri.fsPath);
  const shellArgs = [script, 'serve', directory, '--port', String(port)];
  const title = l10n.t('Serve {0}', name);
  const look = { name: title, iconPath: new ThemeIcon('broadcast') };
  window.createTerminal({ ...look, shellPath: executable, shellArgs, env: { ...env } }).show(true);
  const url = `http://127.0.0.1:${port}/predict`;
  const body = JSON.stringify(example);
  const ask = ['curl', url, '-H', 'content-type: application/json', '-d', body];
  await showShell([
    `# ${l10n.t('The model answers while the terminal "{0}" runs; Ctrl+C there ends it.', title)}`,
    `# ${l10n.t('To start it again:')} ${shellLine([executable, ...shellArgs])}`,
    shellLine(ask),
  ]);
}

async function inputsOf({ core }: Services, directory: string) {
  return (await core.client()).request('run/inputs', { directory });
}

/** One that no other program has at the moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function showShell(lines: readonly string[]): Promise<void> {
  const content = `${lines.join('\n')}\n`;
  const document = await workspace.openTextDocument({ language: 'shellscript', content });
  await window.showTextDocument(document);
}
