/** An SSH connection whose host has been checked and at which we are signed in, by way of another machine where one stands between. */
import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { AppError, errorMessage } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { machineAddress, parseMachineAddress } from '../shared/protocol/machine.ts';
import type { MachineAnswers, MachineQuestion, SshMachine } from '../shared/protocol/machine.ts';
import { defaultKnownHosts, fingerprint, KnownHosts, keyType } from './knownHosts.ts';
import { signIn, untilded } from './signIn.ts';

/** A machine that is switched off answers nothing at all. */
const handshakeMs = 20_000;
/** A connection that is cut somewhere on the way shows after three of these without an answer. */
const keepaliveMs = 15_000;
const mostUnanswered = 3;

export interface Connection {
  readonly ssh: Client;
  /** Resolves with the reason, once it is closed. */
  readonly closed: Promise<string>;
  end(): void;
}

export interface OpenOptions {
  readonly answers: MachineAnswers;
  readonly signal: AbortSignal;
}

/** @throws AppError `ssh.*`; the abort reason of `signal` */
export async function openConnection(
  machine: SshMachine,
  options: OpenOptions,
): Promise<Connection | { readonly question: MachineQuestion }> {
  if (machine.jump === undefined) return openOne(machine, options, null);
  const between = await openConnection(jumpMachine(machine), options);
  if ('question' in between) return between;
  try {
    const opened = await openOne(machine, options, await tunnel(between, machine));
    if ('question' in opened) between.end();
    else void opened.closed.then(() => between.end());
    return opened;
  } catch (error) {
    between.end();
    throw error;
  }
}

function jumpMachine(machine: SshMachine): SshMachine {
  const { jump = '', ...rest } = machine;
  const place = parseMachineAddress(jump, machine.user);
  if (place === null) {
    throw new AppError(
      'input.invalid',
      say`"${jump}" is no machine to jump over; write user@host:port`,
    );
  }
  return { ...rest, ...place, name: machineAddress(place) };
}

function tunnel({ ssh }: Connection, { host, port, name }: SshMachine): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    ssh.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
      if (error === undefined) resolve(stream);
      else reject(failed(name, errorMessage(error)));
    });
  });
}

async function openOne(
  machine: SshMachine,
  { answers, signal }: OpenOptions,
  sock: Duplex | null,
): Promise<Connection | { readonly question: MachineQuestion }> {
  signal.throwIfAborted();
  const host = await hostCheck(machine, answers);
  const means = signIn(machine, answers);
  const ssh = new Client();
  const abort = () => ssh.destroy();
  signal.addEventListener('abort', abort);
  try {
    const { closed } = await ready(ssh, machine, {
      host: machine.host,
      port: machine.port,
      username: machine.user,
      readyTimeout: handshakeMs,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: mostUnanswered,
      hostVerifier: (key: Buffer) => host.verify(key),
      authHandler: means.handler,
      algorithms: { serverHostKey: host.algorithms },
      ...(sock === null ? {} : { sock }),
    });
    await host.keep();
    return { ssh, closed, end: () => void ssh.end() };
  } catch (error) {
    ssh.destroy();
    signal.throwIfAborted();
    const outcome = host.outcome() ?? means.outcome();
    if (outcome === null) throw error;
    if (outcome instanceof AppError) throw outcome;
    return { question: outcome };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Resolves when we are signed in, with what tells of the end. */
function ready(
  ssh: Client,
  { name }: SshMachine,
  config: ConnectConfig,
): Promise<{ readonly closed: Promise<string> }> {
  let last: Error | null = null;
  return new Promise((resolve, reject) => {
    const closed = new Promise<string>((settle) => {
      ssh.once('close', () => {
        const why = last === null ? say('the other end closed it') : reasonOf(last);
        settle(say`The connection to ${name} was lost: ${why}.`);
        reject(failed(name, why));
      });
    });
    ssh.on('error', (error: Error & { level?: string }) => {
      if (error.level === 'agent') return; // the next way to sign in is tried
      last = error;
    });
    ssh.once('ready', () => resolve({ closed }));
    ssh.connect(config);
  });
}

function reasonOf(error: Error & { level?: string }): string {
  if (error.level === 'client-timeout' || /keepalive/i.test(error.message)) {
    return say('there was no answer in time');
  }
  return errorMessage(error);
}

function failed(name: string, reason: string): AppError {
  return new AppError('ssh.failed', say`cannot connect to ${name}: ${reason}`);
}

/** Of a host key, the best first. */
const keyTypes: readonly (readonly [
  type: string,
  algorithms: readonly ServerHostKeyAlgorithm[],
])[] = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
];

/** A key of a type that is trusted already is asked for first, so that a change of it shows. */
function keyAlgorithms(trusted: readonly string[]): ServerHostKeyAlgorithm[] {
  const first = keyTypes.filter(([type]) => trusted.includes(type));
  const others = keyTypes.filter(([type]) => !trusted.includes(type));
  return [...first, ...others].flatMap(([, algorithms]) => algorithms);
}

/** Only a host whose key the user trusts gets to know who we are. */
async function hostCheck(machine: SshMachine, { hostKeys }: MachineAnswers) {
  const { host, port } = machine;
  const file = untilded(machine.knownHosts || defaultKnownHosts());
  const known = await KnownHosts.read(file, { host, port });
  let outcome: MachineQuestion | AppError | null = null;
  let accepted: Buffer | null = null;
  return {
    algorithms: keyAlgorithms(known.types),
    outcome: () => outcome,
    keep: async () => {
      if (accepted !== null) await known.trust(accepted);
    },
    verify(key: Buffer): boolean {
      const verdict = known.verdict(key);
      if (verdict.kind === 'known') return true;
      const print = fingerprint(key);
      if (verdict.kind === 'changed') {
        const place = `${file}:${verdict.line}`;
        outcome = new AppError(
          'ssh.hostChanged',
          say`${machine.name} shows another host key (${print}) than the one that is trusted in ${place}. Somebody may be listening in. If the machine was set up anew, take that line out and connect again.`,
        );
        return false;
      }
      if (hostKeys.includes(print)) {
        accepted = key;
        return true;
      }
      const name = port === 22 ? host : `${host}:${port}`;
      outcome = { kind: 'hostKey', host: name, keyType: keyType(key), fingerprint: print };
      return false;
    },
  };
}
