/** The link to whoever started us: the IPC channel of a fork, or plain streams where we run on another machine. */
import { createWriteStream } from 'node:fs';
import { streamTransport } from '../coreProcess/streamTransport.ts';
import type { Envelope, Transport } from '../shared/protocol/contract.ts';

/** Frames leave by a descriptor of their own: whatever a library prints to the usual output must not get between them. */
const framesOut = 3;

/** null when nobody waits for us. */
export function parentTransport(): Transport | null {
  return process.argv.includes('--stdio') ? stdioTransport() : forkTransport();
}

function stdioTransport(): Transport {
  return streamTransport({
    input: process.stdin,
    output: createWriteStream('', { fd: framesOut }),
  });
}

function forkTransport(): Transport | null {
  const send = process.send?.bind(process);
  if (send === undefined) return null;
  return {
    send(message) {
      // Without a callback a parent that is gone (EPIPE) would end us with an unhandled error.
      if (process.connected) send(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on('message', (message) => listener(message as Envelope)),
    onClose: (listener) => void process.once('disconnect', () => listener('the parent is gone')),
    close() {
      if (process.connected) process.disconnect();
    },
  };
}
