/** Commands on another machine, through its `sh`, whatever the user's own shell is. */
import type { ClientChannel } from 'ssh2';
import { AppError, errorMessage } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { Connection } from './connection.ts';

export interface ShellResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** For one word of a command. A single quote cannot stand in single quotes, so it leaves them for a moment. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param command one line; more lines are not safe in every login shell: use `runScript` */
export function openShell({ ssh }: Connection, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    ssh.exec(`exec sh -c ${quoted(command)}`, (error, channel) => {
      if (error === undefined) resolve(channel);
      else
        reject(
          new AppError('ssh.failed', say`no command can be run there: ${errorMessage(error)}`),
        );
    });
  });
}

/** Runs lines of `sh`. What a login shell prints before is not part of the output. */
export async function runScript(connection: Connection, script: string): Promise<ShellResult> {
  const channel = await openShell(connection, 'sh -s');
  channel.end(`echo; echo ${begin}\n${script}\n`);
  const result = await finished(channel);
  const at = result.stdout.indexOf(`${begin}\n`);
  return { ...result, stdout: at < 0 ? '' : result.stdout.slice(at + begin.length + 1) };
}

const begin = '@@trainbench';

/** Reads all that a command prints until it ends. */
export function finished(channel: ClientChannel): Promise<ShellResult> {
  let [stdout, stderr] = ['', ''];
  let code: number | null = null;
  channel.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  channel.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  channel.on('exit', (status: number | null) => (code = status));
  return new Promise((resolve) => {
    channel.once('close', () => resolve({ code, stdout, stderr }));
  });
}
