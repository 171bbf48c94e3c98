/** A core somewhere, whatever started it: a fork on this machine, a program at the other end of a connection. */
import type { Transport } from '../shared/protocol/contract.ts';

export interface CoreProcess {
  readonly transport: Transport;
  /** Resolves, once the process is gone and its output read, with how it ended in words. */
  readonly exited: Promise<string>;
  /** For a core that does not answer. */
  kill(): void;
}
