/** OpenSSH's server on the loopback, with keys and a cache of its own; nothing of the user's is read or written. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SshMachine } from '../../src/shared/protocol/machine.ts';
import { scratchFolder } from './scratchFolder.ts';

const program = '/usr/sbin/sshd';

export interface Sshd {
  /** How to reach it: with a key that it takes, and a file of known hosts that does not exist yet. */
  readonly machine: SshMachine & { readonly identityFile: string; readonly knownHosts: string };
  /** Where it is to keep Trainbench's files. */
  readonly cache: string;
  /** Ends every connection at once, as a cable that is pulled; the server stays. */
  dropConnections(): void;
  /** The server's own record, for failures. */
  log(): string;
  stop(): void;
}

/** Skips the test, saying so, where there is no server to be had. */
export function requireSshd(context: Mocha.Context): void {
  if (existsSync(program)) return;
  process.stdout.write('    (no sshd here: apt-get install openssh-server)\n');
  context.skip();
}

export async function startSshd(): Promise<Sshd> {
  const folder = scratchFolder();
  const file = (name: string) => path.join(folder, name);
  for (const key of ['host_key', 'user_key']) makeKey(file(key));
  const port = await freePort();
  const cache = file('cache');
  mkdirSync(cache);
  writeFileSync(file('authorized_keys'), readFileSync(file('user_key.pub')));
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: file('host_key'),
    AuthorizedKeysFile: file('authorized_keys'),
    PidFile: file('pid'),
    StrictModes: 'no',
    UsePAM: 'no',
    PermitRootLogin: 'yes',
    PasswordAuthentication: 'yes',
    SetEnv: `XDG_CACHE_HOME=${cache}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  writeFileSync(file('config'), `${lines.join('\n')}\n`);
  // Where it leaves its privileges; the package's service makes it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(program, ['-D', '-e', '-f', file('config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  await untilListening(port, () => `sshd does not listen: ${log}`);
  return {
    machine: {
      name: 'testbox',
      host: '127.0.0.1',
      port,
      user: os.userInfo().username,
      identityFile: file('user_key'),
      knownHosts: file('known_hosts'),
    },
    cache,
    dropConnections: () => descendants(server.pid!).forEach((pid) => process.kill(pid, 'SIGKILL')),
    log: () => log,
    stop() {
      const pids = descendants(server.pid!);
      server.kill('SIGKILL');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    },
  };
}

export function makeKey(file: string, passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number, problem: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const listens = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (listens) return;
    await sleep(50);
  }
  throw new Error(problem());
}

/** Processes that the server has started for its connections: the server's children and theirs, not the commands they run. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      if (!/\((sshd|sshd-session|sshd-auth)\)/.test(stat)) continue;
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      continue; // it has just gone
    }
  }
  const found: number[] = [];
  const add = (parent: number): void => {
    for (const [child, of] of parents) {
      if (of !== parent || found.includes(child)) continue;
      found.push(child);
      add(child);
    }
  };
  add(pid);
  return found;
}
