/**
 * The answering end of a link. Its first message is the hello. Every request is answered exactly once:
 * with the handler's result, its error, or `protocol.cancelled` where a cancelled handler gave up.
 */
import { say } from '../language.ts';
import { AppError, toWireError } from '../errors.ts';
import { createCancelSource } from './cancel.ts';
import type { CancelSignal, CancelSource } from './cancel.ts';
import type { Contract, Envelope, Transport } from './contract.ts';
import { ownVersion } from './version.ts';
import type { EndVersion } from './version.ts';

/** One function per request; leaving one out does not compile. */
export type Handlers<C extends Contract> = {
  readonly [M in keyof C['requests']]: (
    args: C['requests'][M]['args'],
    cancel: CancelSignal,
  ) => C['requests'][M]['result'] | Promise<C['requests'][M]['result']>;
};

export interface ServerOptions {
  readonly version?: EndVersion;
  /** Hears every error a handler throws, before it crosses without its stack. */
  readonly onHandlerError?: (error: unknown, method: string) => void;
}

type AnyHandler = (args: unknown, cancel: CancelSignal) => unknown;

export class Server<C extends Contract> {
  readonly #transport: Transport;
  readonly #handlers: ReadonlyMap<string, AnyHandler>;
  readonly #onHandlerError: (error: unknown, method: string) => void;
  readonly #inFlight = new Map<number, CancelSource>();
  #closed = false;

  constructor(transport: Transport, handlers: Handlers<C>, options: ServerOptions = {}) {
    this.#transport = transport;
    // The contract ties each method to the type of its args; the client side is checked by the same type.
    this.#handlers = new Map(Object.entries(handlers as Readonly<Record<string, AnyHandler>>));
    this.#onHandlerError = options.onHandlerError ?? (() => undefined);
    transport.onMessage((message) => this.#receive(message));
    transport.onClose(() => this.#close());
    transport.send({ kind: 'hello', ...(options.version ?? ownVersion) });
  }

  announce<E extends keyof C['events'] & string>(event: E, args: C['events'][E]): void {
    if (!this.#closed) this.#transport.send({ kind: 'event', method: event, args });
  }

  #receive(message: Envelope): void {
    if (message.kind === 'request')
      void this.#answer(message); // answers its own failures
    else if (message.kind === 'cancel') this.#inFlight.get(message.id)?.cancel();
  }

  async #answer({ id, method, args }: Extract<Envelope, { kind: 'request' }>): Promise<void> {
    const source = createCancelSource();
    this.#inFlight.set(id, source);
    let response: Envelope;
    try {
      const result = await this.#handlerOf(method)(args, source.signal);
      response = { kind: 'response', id, ok: true, result };
    } catch (error) {
      const failure = source.signal.aborted
        ? new AppError('protocol.cancelled', say`${method} was cancelled`, { cause: error })
        : error;
      if (!source.signal.aborted) this.#onHandlerError(error, method);
      response = { kind: 'response', id, ok: false, error: toWireError(failure) };
    }
    this.#inFlight.delete(id);
    if (!this.#closed) this.#transport.send(response);
  }

  #handlerOf(method: string): AnyHandler {
    const handler = this.#handlers.get(method);
    if (handler === undefined) {
      throw new AppError('protocol.unknownMethod', say`there is no request named "${method}"`);
    }
    return handler;
  }

  #close(): void {
    this.#closed = true;
    for (const source of this.#inFlight.values()) source.cancel();
  }
}
