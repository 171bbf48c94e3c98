/** How we show who we are: keys first, as ssh does, then a password. What is missing becomes a question for the user. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { utils, type AnyAuthMethod, type AuthHandlerMiddleware, type ParsedKey } from 'ssh2';
import { AppError, errorMessage } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { machineAddress } from '../shared/protocol/machine.ts';
import type { MachineAnswers, SecretQuestion, SshMachine } from '../shared/protocol/machine.ts';

export interface SignIn {
  readonly handler: AuthHandlerMiddleware;
  /** What to ask, or what is wrong, once the attempts are over. */
  readonly outcome: () => SecretQuestion | AppError | null;
}

const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

export function signIn(machine: SshMachine, { secrets }: MachineAnswers): SignIn {
  let outcome: SecretQuestion | AppError | null = null;
  let left: readonly string[] = [];
  const attempts = methods(machine, { secrets, allows: (method) => left.includes(method) });
  const advance = async (): Promise<AnyAuthMethod | false> => {
    try {
      const { value, done } = await attempts.next();
      if (done !== true) return value;
      outcome = value;
    } catch (error) {
      const message = say`cannot sign in to ${machine.name}: ${errorMessage(error)}`;
      outcome = error instanceof AppError ? error : new AppError('ssh.signIn', message);
    }
    return false;
  };
  return {
    handler: (methodsLeft, _partial, next) => {
      // The first call comes before the server has said what it takes.
      left = methodsLeft ?? [];
      void advance().then(next as (method: AnyAuthMethod | false) => void);
    },
    outcome: () => outcome,
  };
}

interface Means {
  readonly secrets: MachineAnswers['secrets'];
  readonly allows: (method: string) => boolean;
}

/** One after the other, until the server is content. @returns what to ask when all have failed */
async function* methods(
  machine: SshMachine,
  { secrets, allows }: Means,
): AsyncGenerator<AnyAuthMethod, SecretQuestion | AppError> {
  const { user: username, identityFile } = machine;
  yield { type: 'none', username };
  let locked: SecretQuestion | null = null;
  const files = identityFile === undefined ? homeKeys() : [untilded(identityFile)];
  const agent = agentSocket();
  if (identityFile === undefined && agent !== null && allows('publickey')) {
    yield { type: 'agent', username, agent };
  }
  for (const file of files) {
    if (!allows('publickey')) break;
    const key = await readKey(file, secrets);
    if ('kind' in key) {
      // A key that the user names is the one he means; others are only tried.
      if (identityFile !== undefined && agent === null) return key;
      locked ??= key;
    } else yield { type: 'publickey', username, key };
  }
  if (identityFile !== undefined && agent !== null && allows('publickey')) {
    yield { type: 'agent', username, agent };
  }
  const id = `password ${machineAddress(machine)}`;
  const password = secrets[id];
  const asks = allows('password') || allows('keyboard-interactive');
  const question = { kind: 'password', id, of: machineAddress(machine) } as const;
  if (locked !== null && (!asks || identityFile !== undefined)) return locked;
  if (!asks) return refused(machine, files);
  if (password === undefined) return { ...question, wasWrong: false };
  if (allows('password')) yield { type: 'password', username, password };
  if (allows('keyboard-interactive')) {
    yield {
      type: 'keyboard-interactive',
      username,
      prompt: (...[, , , prompts, finish]) => finish(prompts.map(() => password)),
    };
  }
  return { ...question, wasWrong: true };
}

async function readKey(
  file: string,
  secrets: MachineAnswers['secrets'],
): Promise<ParsedKey | SecretQuestion> {
  const text = await readFile(file).catch((error: unknown) => {
    throw new AppError('ssh.signIn', say`cannot read the key ${file}: ${errorMessage(error)}`);
  });
  const id = `passphrase ${file}`;
  const passphrase = secrets[id];
  const parsed = utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  if (!(parsed instanceof Error)) return Array.isArray(parsed) ? parsed[0]! : parsed;
  if (/encrypted|passphrase|integrity check/i.test(parsed.message)) {
    return { kind: 'passphrase', id, of: file, wasWrong: passphrase !== undefined };
  }
  const message = say`${file} is no private key that can be used (${parsed.message}); name another one, or leave it to the agent`;
  throw new AppError('ssh.signIn', message);
}

function refused(machine: SshMachine, files: readonly string[]): AppError {
  const tried = files.length === 0 ? say('no key was found') : files.join(', ');
  const address = machineAddress(machine);
  return new AppError(
    'ssh.signIn',
    say`${address} takes none of our keys (${tried}), and no password; put a public key of yours into its ~/.ssh/authorized_keys`,
  );
}

function homeKeys(): string[] {
  const folder = path.join(os.homedir(), '.ssh');
  return defaultKeys.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
}

export function untilded(file: string): string {
  return file.replace(/^~(?=$|[/\\])/, os.homedir());
}

function agentSocket(): string | null {
  const named = process.env['SSH_AUTH_SOCK'];
  if (named) return existsSync(named) ? named : null;
  const windowsAgent = '\\\\.\\pipe\\openssh-ssh-agent';
  return process.platform === 'win32' && existsSync(windowsAgent) ? windowsAgent : null;
}
