/** What a command is, and what it works with. */
import { say } from '../shared/language.ts';
import type { Client } from '../shared/protocol/client.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import type { Arguments } from './arguments.ts';
import type { Paths } from './paths.ts';
import type { Terminal } from './terminal.ts';

/** 0 it worked; 1 it failed; 2 the config or the arguments are wrong. */
export type ExitCode = 0 | 1 | 2;

export interface OptionSpec {
  /** Placeholder of the value; a flag has none. */
  readonly argument?: string;
  readonly help: () => string;
}

export interface Command {
  readonly name: string;
  readonly summary: () => string;
  /** In order; an optional one is written `[DIR]`. */
  readonly positionals: readonly string[];
  /** The options as the usage line shows them. */
  readonly synopsis: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** @throws AppError; the caller prints it and chooses the exit code. */
  run(context: CommandContext, given: Arguments): Promise<ExitCode>;
}

export interface CommandContext {
  readonly core: Client<CoreContract>;
  readonly terminal: Terminal;
  readonly paths: Paths;
  /** What the user types to call us. */
  readonly program: string;
  /** Calls `handler` on Ctrl+C instead of ending at once. */
  readonly onInterrupt: (handler: () => void) => void;
}

export const trainingDevices = ['auto', 'cpu', 'webgpu', 'cuda'] as const;

export const deviceOption: OptionSpec = {
  argument: 'D',
  help: () => say('auto, cpu, webgpu or cuda; by default as in the config'),
};

/** Set for the core before it starts: see main.ts. */
export const adapterOption: OptionSpec = {
  argument: 'NAME',
  help: () => say('the GPU whose name has this in it; `trainbench devices` lists them'),
};

/** More would only wait for each other. */
export const mostThreads = 256;

export const threadsOption: OptionSpec = {
  argument: 'N',
  help: () => say('that compute, at most one a processor; by default the physical cores less one'),
};

export const jsonOption: OptionSpec = { help: () => say('one JSON object per line') };
