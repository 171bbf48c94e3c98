/** `--ssh user@host`: connects the core to that machine, and asks on the terminal what it needs to know. */
import os from 'node:os';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { connectToMachine, type MachineAsker } from '../coreProcess/connectToMachine.ts';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { machineAddress, parseMachineAddress } from '../shared/protocol/machine.ts';
import type { HostKeyQuestion, SshMachine } from '../shared/protocol/machine.ts';
import { badArguments, type Arguments } from './arguments.ts';
import type { CommandContext, OptionSpec } from './command.ts';
import type { Paths } from './paths.ts';
import type { Terminal } from './terminal.ts';

export const sshOptions: Readonly<Record<string, OptionSpec>> = {
  ssh: {
    argument: 'USER@HOST[:PORT]',
    help: () => say('train on that Linux machine; nothing has to be installed there'),
  },
  identity: {
    argument: 'FILE',
    help: () => say('the private key for it; by default your usual ones'),
  },
  jump: { argument: 'USER@HOST[:PORT]', help: () => say('a machine to go by way of') },
};

/** Connected, and ready for `run/start`; none where `--ssh` is not given. @throws AppError `input.invalid`, `ssh.*` */
export async function machineOf(
  context: CommandContext,
  given: Arguments,
): Promise<{ readonly machine?: SshMachine }> {
  const machine = namedMachine(given, context.paths);
  if (machine === null) return {};
  const { core, terminal } = context;
  const controller = new AbortController();
  context.onInterrupt(() => controller.abort());
  const end = core.on('run/progress', ({ file, message, fraction }) => {
    const percent = fraction === null ? '' : ` ${Math.round(fraction * 100)} %`;
    if (file === 'machine') terminal.status(`${message}${percent}`);
  });
  try {
    const asker = terminalAsker(terminal);
    const about = await connectToMachine(core, machine, { asker, signal: controller.signal });
    terminal.note(say`${machine.name}: ${about.system}, Node ${about.node}`);
  } finally {
    end();
    terminal.status(null);
  }
  return { machine };
}

function namedMachine(given: Arguments, paths: Paths): SshMachine | null {
  const address = given.text('ssh');
  const [identity, jump] = [given.text('identity'), given.text('jump')];
  if (address === undefined) {
    if (identity === undefined && jump === undefined) return null;
    throw badArguments(say('--identity and --jump go with --ssh'));
  }
  const user = os.userInfo().username;
  for (const each of [address, jump]) {
    if (each === undefined || parseMachineAddress(each, user) !== null) continue;
    throw badArguments(say`"${each}" is no machine; write user@host or user@host:port`);
  }
  const place = parseMachineAddress(address, user)!;
  return {
    ...place,
    name: machineAddress(place),
    ...(identity === undefined ? {} : { identityFile: paths.resolve(identity) }),
    ...(jump === undefined ? {} : { jump }),
  };
}

function terminalAsker(terminal: Terminal): MachineAsker {
  return {
    async trusts(question) {
      if (!process.stdin.isTTY) throw unasked(hostKeyText(question));
      terminal.status(null);
      const answer = await ask(`${hostKeyText(question)}\n${say('Connect? (yes/no) ')}`);
      return /^(y|yes|s|sí|si)$/i.test(answer.trim());
    },
    async secret({ kind, of, wasWrong }) {
      const isPassword = kind === 'password';
      const text = isPassword ? say`Password of ${of}: ` : say`Passphrase of ${of}: `;
      const wanted = isPassword ? say`${of} wants a password.` : say`${of} wants its passphrase.`;
      if (!process.stdin.isTTY) throw unasked(wanted);
      terminal.status(null);
      return ask(wasWrong ? `${say('That was not it.')} ${text}` : text, 'hidden');
    },
  };
}

function hostKeyText({ host, keyType, fingerprint }: HostKeyQuestion): string {
  return say`You have not connected to ${host} before; the fingerprint of its ${keyType} key is ${fingerprint}.`;
}

/** Where nobody sits at the terminal. */
function unasked(what: string): AppError {
  return new AppError(
    'ssh.signIn',
    say`${what} To answer, run this on a terminal once, or prepare known_hosts and a key that needs no passphrase.`,
  );
}

function ask(question: string, echo: 'shown' | 'hidden' = 'shown'): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = echo === 'hidden' ? silent : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      lines.close();
      reject(
        new AppError('protocol.cancelled', say('stopped before training began; nothing was kept')),
      );
    });
    lines.question('', (answer) => {
      lines.close();
      if (echo === 'hidden') process.stderr.write('\n');
      resolve(answer);
    });
  });
}
