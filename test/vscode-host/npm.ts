/** npm as a child process, the one that came with the Node.js that runs us. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Progress of a slow set-up step, for the person who waits. */
export function say(text: string): void {
  process.stderr.write(`[vscode-host] ${text}\n`);
}

/** npm-cli.js: npm names itself to its scripts; outside of a script it is found on PATH. */
export function npmCli(): string {
  const named = process.env['npm_execpath'];
  if (named !== undefined && path.basename(named) === 'npm-cli.js') return named;
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, 'npm');
    if (fs.existsSync(candidate)) return fs.realpathSync(candidate);
  }
  throw new Error('npm is not on PATH; install Node.js with npm and try again.');
}

/** `npm ci` of production dependencies in `folder`, without their install scripts. */
export function npmInstall(folder: string, flags: readonly string[] = []): void {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const args = [npmCli(), 'ci', '--omit=dev', '--ignore-scripts', ...quiet, ...flags];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 2, 2] });
}
