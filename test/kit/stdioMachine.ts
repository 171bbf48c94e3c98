/** A machine without SSH: the built core in a process of its own, reached through its standard streams. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { MachineLink } from '../../src/coreProcess/machineLink.ts';
import { streamTransport } from '../../src/coreProcess/streamTransport.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type { CoreContract } from '../../src/shared/protocol/core.ts';
import { builtBundle } from './realCore.ts';

export interface StdioMachine {
  readonly connect: () => Promise<MachineLink>;
  /** Bytes of files that were sent there. */
  readonly sent: () => number;
  /** As a cable that is pulled. */
  cut(): void;
}

export function stdioMachine(folder: string): StdioMachine {
  const children: ChildProcess[] = [];
  let sent = 0;
  return {
    sent: () => sent,
    cut: () => children.splice(0).forEach((child) => child.kill('SIGKILL')),
    async connect() {
      // A shell that talks before, and a library that prints: neither may come between the frames.
      const script = 'echo Welcome; exec "$0" "$1" --stdio 3>&1 1>&2';
      const child = spawn('sh', ['-c', script, process.execPath, builtBundle('core.cjs')], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, TRAINBENCH_FILES: folder, TRAINBENCH_LANGUAGE: 'en' },
      });
      children.push(child);
      const closed = new Promise<string>((resolve) => {
        child.once('close', () => resolve('The connection to testbox was lost: it was cut.'));
      });
      const transport = streamTransport({
        input: child.stdout,
        output: child.stdin,
        closed,
      });
      const counting = {
        ...transport,
        send(message: Parameters<typeof transport.send>[0]) {
          if (message.kind === 'request' && message.method === 'files/put') {
            sent += (message.args as { bytes: Uint8Array }).bytes.length;
          }
          transport.send(message);
        },
      };
      const client = new Client<CoreContract>(counting, { closedCode: 'ssh.lost' });
      await client.ready;
      return {
        client,
        files: `${folder}/files/test`,
        system: 'Linux x86_64',
        node: process.versions.node,
        async close() {
          client.close();
          await closed;
        },
      };
    },
  };
}
