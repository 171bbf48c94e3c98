/**
 * The asking end of a link. Guarantees: nothing is sent before the server's hello is accepted; every
 * request settles (result, error, cancelled, or closed); after a close every call fails at once.
 */
import { say } from '../language.ts';
import { AppError, fromWireError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { CancelSignal } from './cancel.ts';
import type { Contract, Envelope, Transport } from './contract.ts';
import { ownVersion, versionsMatch } from './version.ts';
import type { EndVersion } from './version.ts';

export interface ClientOptions {
  readonly version?: EndVersion;
  /** Code of the errors that pending and later calls get once the transport has closed. */
  readonly closedCode?: ErrorCode;
}

interface PendingRequest {
  resolve(result: unknown): void;
  reject(error: AppError): void;
}

type Listener = (args: unknown) => void;
type State = 'connecting' | 'ready' | 'closed';

export class Client<C extends Contract> {
  /** Resolves when the server's hello is accepted; rejects on another version or an early close. */
  readonly ready: Promise<void>;

  readonly #transport: Transport;
  readonly #version: EndVersion;
  readonly #closedCode: ErrorCode;
  readonly #pending = new Map<number, PendingRequest>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #closeListeners = new Set<(error: AppError) => void>();
  readonly #settleReady: PendingRequest;
  #outbox: Envelope[] = [];
  #state: State = 'connecting';
  #closeError: AppError | null = null;
  #lastId = 0;

  constructor(transport: Transport, options: ClientOptions = {}) {
    this.#transport = transport;
    this.#version = options.version ?? ownVersion;
    this.#closedCode = options.closedCode ?? 'protocol.closed';
    let settle: PendingRequest | undefined;
    this.ready = new Promise<void>((resolve, reject) => {
      settle = { resolve: () => resolve(), reject };
    });
    this.#settleReady = settle!;
    // Whoever awaits `ready` or a request hears of the failure; nobody has to await both.
    this.ready.catch(() => undefined);
    transport.onMessage((message) => this.#receive(message));
    transport.onClose((reason) => this.#close(new AppError(this.#closedCode, reason)));
  }

  /**
   * @param signal asks the server to cancel; the call then settles with the server's answer, which is
   *   the result where that was faster.
   * @throws AppError with the server's code, `protocol.cancelled`, or the closed code.
   */
  request<M extends keyof C['requests'] & string>(
    method: M,
    args: C['requests'][M]['args'],
    signal?: CancelSignal,
  ): Promise<C['requests'][M]['result']> {
    if (this.#closeError !== null) return Promise.reject(this.#closeError);
    if (signal?.aborted === true) return Promise.reject(cancelled(method));
    const id = ++this.#lastId;
    return new Promise<C['requests'][M]['result']>((resolve, reject) => {
      const cancel = () => this.#cancel(id, method);
      const forget = () => signal?.removeEventListener('abort', cancel);
      this.#pending.set(id, {
        resolve(result) {
          forget();
          resolve(result);
        },
        reject(error) {
          forget();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel);
      this.#send({ kind: 'request', id, method, args });
    });
  }

  /** @returns a function that ends the subscription. */
  on<E extends keyof C['events'] & string>(
    event: E,
    listener: (args: C['events'][E]) => void,
  ): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<Listener>();
    this.#listeners.set(event, listeners);
    // The server's type table is ours: the contract says which args an event has.
    const untyped = listener as Listener;
    listeners.add(untyped);
    return () => void listeners.delete(untyped);
  }

  /** Called once, at once if already closed. The error says why. */
  onClose(listener: (error: AppError) => void): void {
    if (this.#closeError === null) this.#closeListeners.add(listener);
    else listener(this.#closeError);
  }

  close(): void {
    this.#close(new AppError(this.#closedCode, say('the connection was closed by this side')));
    this.#transport.close();
  }

  #send(message: Envelope): void {
    if (this.#state === 'ready') this.#transport.send(message);
    else this.#outbox.push(message);
  }

  #cancel(id: number, method: string): void {
    const queued = this.#outbox.findIndex((m) => m.kind === 'request' && m.id === id);
    if (queued < 0) {
      this.#send({ kind: 'cancel', id });
      return;
    }
    this.#outbox.splice(queued, 1);
    this.#take(id)?.reject(cancelled(method));
  }

  #receive(message: Envelope): void {
    if (this.#state === 'closed') return;
    if (message.kind === 'hello') this.#accept(message);
    else if (message.kind === 'response') this.#settle(message);
    else if (message.kind === 'event') {
      for (const listener of [...(this.#listeners.get(message.method) ?? [])]) {
        listener(message.args);
      }
    }
  }

  #accept(hello: EndVersion): void {
    if (!versionsMatch(hello, this.#version)) {
      this.#close(versionMismatch(hello, this.#version));
      this.#transport.close();
      return;
    }
    this.#state = 'ready';
    this.#settleReady.resolve(undefined);
    const outbox = this.#outbox;
    this.#outbox = [];
    for (const message of outbox) this.#transport.send(message);
  }

  #settle(response: Extract<Envelope, { kind: 'response' }>): void {
    const pending = this.#take(response.id);
    if (response.ok) pending?.resolve(response.result);
    else pending?.reject(fromWireError(response.error));
  }

  #take(id: number): PendingRequest | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #close(error: AppError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closeError = error;
    this.#outbox = [];
    this.#settleReady.reject(error);
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
    for (const listener of this.#closeListeners) listener(error);
  }
}

function cancelled(method: string): AppError {
  return new AppError('protocol.cancelled', say`${method} was cancelled`);
}

function versionMismatch(theirs: EndVersion, ours: EndVersion): AppError {
  const name = (v: EndVersion) => say`protocol ${v.protocol}, build ${v.build}`;
  return new AppError(
    'core.versionMismatch',
    say`the two halves of Trainbench do not fit: this side has ${name(ours)}, the other ${name(theirs)}; reload the window, or build again`,
  );
}
