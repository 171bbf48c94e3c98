/** The IPC channel to the process that forked us. */
import type { Envelope, Transport } from '../shared/protocol/contract.ts';

/** null when nobody forked us. */
export function parentTransport(): Transport | null {
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
