/** A core on another machine, as a run there needs it. `src/ssh` makes them; tests make their own. */
import type { Client } from '../shared/protocol/client.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import type { MachineAnswers, MachineQuestion, SshMachine } from '../shared/protocol/machine.ts';

export interface MachineLink {
  readonly client: Client<CoreContract>;
  /** Folder of the other machine below which our files are; the same for every connection of this client. */
  readonly files: string;
  /** `Linux x86_64`, and which Node the core has there. */
  readonly system: string;
  readonly node: string;
  /** Ends the core there, and the connection. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly machine: SshMachine;
  readonly answers: MachineAnswers;
  readonly onProgress: (message: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
}

/** A link, or what the user has to be asked first. @throws AppError `ssh.*` */
export type ConnectMachine = (
  options: ConnectOptions,
) => Promise<MachineLink | { readonly question: MachineQuestion }>;
