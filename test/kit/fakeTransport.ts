/** Two transports joined in memory: messages are copied as a process boundary would and arrive later, in order. */
import type { Envelope, Transport } from '../../src/shared/protocol/contract.ts';

export interface FakeTransport extends Transport {
  readonly sent: readonly Envelope[];
}

export interface TransportPair {
  readonly client: FakeTransport;
  readonly server: FakeTransport;
  /** Both ends see the close, as when a process dies. */
  breakDown(reason: string): void;
}

class End implements FakeTransport {
  readonly sent: Envelope[] = [];
  peer: End | null = null;
  #messageListeners: ((message: Envelope) => void)[] = [];
  #closeListeners: ((reason: string) => void)[] = [];
  #closed = false;

  send(message: Envelope): void {
    if (this.#closed) return;
    const copy = structuredClone(message);
    this.sent.push(copy);
    setImmediate(() => this.peer?.deliver(copy));
  }

  deliver(message: Envelope): void {
    if (this.#closed) return;
    for (const listener of this.#messageListeners) listener(message);
  }

  onMessage(listener: (message: Envelope) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    this.end('closed');
    this.peer?.end('the other side closed');
  }

  end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener(reason);
  }
}

export function createTransportPair(): TransportPair {
  const client = new End();
  const server = new End();
  client.peer = server;
  server.peer = client;
  return {
    client,
    server,
    breakDown(reason) {
      client.end(reason);
      server.end(reason);
    },
  };
}
