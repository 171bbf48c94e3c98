/**
 * The shape of every link. A server answers requests and announces events; a client asks.
 * There are no requests in the other direction. Payloads are plain data and typed arrays.
 */
import type { WireError } from '../errors.ts';

export interface Contract {
  readonly requests: Record<string, { args: unknown; result: unknown }>;
  readonly events: Record<string, unknown>;
}

/** Args of a request that needs none. */
export type NoArgs = Readonly<Record<string, never>>;

export type Envelope =
  | { readonly kind: 'hello'; readonly protocol: number; readonly build: string }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: string;
      readonly args: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'response'; readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly kind: 'response';
      readonly id: number;
      readonly ok: false;
      readonly error: WireError;
    }
  | { readonly kind: 'event'; readonly method: string; readonly args: unknown };

/** A two-way pipe of envelopes: a forked process, a webview, or a pair in a test. */
export interface Transport {
  send(message: Envelope): void;
  onMessage(listener: (message: Envelope) => void): void;
  /** Called once, with the reason in words. */
  onClose(listener: (reason: string) => void): void;
  close(): void;
}
