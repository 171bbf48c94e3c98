/** From a machine's address to a core that runs there, as a link that speaks the same contract as a fork of our own. */
import { createHash } from 'node:crypto';
import os from 'node:os';
import { describeExit } from '../coreProcess/forkCore.ts';
import type { CoreProcess } from '../coreProcess/coreProcess.ts';
import type { ConnectOptions, MachineLink } from '../coreProcess/machineLink.ts';
import { coreNodeFlags } from '../coreProcess/forkCore.ts';
import { streamTransport } from '../coreProcess/streamTransport.ts';
import { currentLanguage, say } from '../shared/language.ts';
import { Client } from '../shared/protocol/client.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import type { MachineQuestion } from '../shared/protocol/machine.ts';
import { openConnection, type Connection } from './connection.ts';
import { install, type Installed } from './install.ts';
import { openShell, quoted } from './shell.ts';

/** The core keeps its runs when it goes. */
const graceMs = 5000;
const keptOutput = 4000;

/** @throws AppError `ssh.*`; the abort reason of `signal` */
export async function connectMachine(
  options: ConnectOptions & { readonly bundleFolder: string },
): Promise<MachineLink | { readonly question: MachineQuestion }> {
  const { machine, signal, onProgress } = options;
  onProgress(say`connecting to ${machine.name}`, null);
  const connection = await openConnection(machine, options);
  if ('question' in connection) return connection;
  const abort = () => connection.end();
  signal.addEventListener('abort', abort);
  try {
    const installed = await install(connection, options);
    onProgress(say`starting the core on ${machine.name}`, null);
    const files = `${installed.root}/files/${clientName()}`;
    const core = await startThere(connection, installed);
    const client = new Client<CoreContract>(core.transport, { closedCode: 'ssh.lost' });
    await client.ready;
    return {
      client,
      files,
      system: installed.system,
      node: installed.nodeName,
      async close() {
        client.close();
        const timer = setTimeout(() => core.kill(), graceMs);
        await core.exited;
        clearTimeout(timer);
      },
    };
  } catch (error) {
    connection.end();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Two clients may have files of the same path. */
function clientName(): string {
  const host = os.hostname();
  const { username } = os.userInfo();
  return createHash('sha256').update(`${username}@${host}`).digest('hex').slice(0, 12);
}

async function startThere(
  connection: Connection,
  { root, node, core }: Installed,
): Promise<CoreProcess> {
  const environment = {
    TRAINBENCH_LANGUAGE: currentLanguage(),
    TRAINBENCH_FILES: root,
    TRAINBENCH_STORAGE: `${root}/storage`,
    NODE_COMPILE_CACHE: `${root}/compiled`,
    // Runs are named after the time; people expect theirs.
    TZ: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  const flags = coreNodeFlags.join(' ');
  const channel = await openShell(
    connection,
    `umask 077; unset NODE_OPTIONS; exec env ${settings.join(' ')} ${quoted(node)} ${flags} ${quoted(core)} --stdio 3>&1 1>&2`,
  );
  let output = '';
  let ended: string | null = null;
  channel.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-keptOutput);
  });
  channel.on('exit', (code: number | null, signal: string | null) => {
    ended = describeExit(code, signal, output);
  });
  const exited = new Promise<string>((resolve) => {
    channel.once('close', () => {
      // A connection that breaks takes the channel with it, and knows why.
      if (ended !== null) resolve(ended);
      else void connection.closed.then(resolve);
      connection.end();
    });
  });
  const streams = { input: channel, output: channel, closed: exited };
  return {
    transport: streamTransport(streams),
    exited,
    kill: () => void connection.ssh.destroy(),
  };
}
