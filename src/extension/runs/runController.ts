/** Starts and steers the run on show; feeds the store. No UI of its own. */
import path from 'node:path';
import { createCancelSource } from '../../shared/protocol/cancel.ts';
import type { CancelSource } from '../../shared/protocol/cancel.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, DeviceName, RunId } from '../../shared/protocol/core.ts';
import type { RunInfo, SavedRun } from '../../shared/protocol/core.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import { AppError, errorMessage, isError } from '../../shared/errors.ts';
import { formatDiagnostic } from '../../shared/diagnostics.ts';
import type { RunStore } from './runStore.ts';

export interface RunControllerOptions {
  readonly store: RunStore;
  readonly client: () => Promise<Client<CoreContract>>;
  /** Where a new run of a config computes; null as the config says. */
  readonly device?: (file: string) => DeviceName | null;
}

export interface StartWish {
  readonly startPaused?: boolean;
  /** Trains there; it is connected. */
  readonly machine?: SshMachine | undefined;
}

/** What a resumed run has otherwise than before. */
export interface ResumeChange {
  readonly epochs?: number;
  readonly device?: DeviceName;
  readonly machine?: SshMachine;
}

export class RunController {
  readonly #store: RunStore;
  readonly #client: RunControllerOptions['client'];
  readonly #device: NonNullable<RunControllerOptions['device']>;
  /** Ends a start that still prepares. */
  #starting: CancelSource | null = null;

  constructor({ store, client, device = () => null }: RunControllerOptions) {
    this.#store = store;
    this.#client = client;
    this.#device = device;
  }

  /** Resolves when the run is prepared and trains, or waits where it starts paused. */
  async start(file: string, name: string, wish: StartWish = {}): Promise<RunInfo> {
    this.#store.begin(file, name);
    const { startPaused = false, machine } = wish;
    // The setting that names a device speaks of this machine.
    const device = machine === undefined ? this.#device(file) : null;
    const args = {
      file,
      overrides: device === null ? {} : { device },
      startPaused,
      ...(machine === undefined ? {} : { machine }),
    };
    return this.#begin((client, signal) => client.request('run/start', args, signal));
  }

  /** Goes on with a run on disk; more epochs than it had extend a finished one. */
  async resume(saved: SavedRun, change: ResumeChange = {}): Promise<RunInfo> {
    this.#store.beginAgain(saved);
    const args = { directory: saved.directory, startPaused: false, ...change };
    return this.#begin((client, signal) => client.request('run/resume', args, signal));
  }

  async #begin(
    ask: (client: Client<CoreContract>, signal: CancelSource['signal']) => Promise<RunInfo>,
  ): Promise<RunInfo> {
    const starting = createCancelSource();
    this.#starting = starting;
    try {
      const info = await ask(await this.#client(), starting.signal);
      this.#store.prepared(info);
      return info;
    } catch (error) {
      if (isError(error, 'protocol.cancelled')) this.#store.cancelled();
      else this.#store.failed(reasonOf(error));
      throw error;
    } finally {
      if (this.#starting === starting) this.#starting = null;
    }
  }

  async pause(): Promise<void> {
    await this.#steer((client, runId) => client.request('run/pause', { runId }));
  }

  async continue(): Promise<void> {
    await this.#steer((client, runId) => client.request('run/continue', { runId }));
  }

  /** One more step, then it is paused. */
  async step(): Promise<void> {
    await this.#steer((client, runId) => client.request('run/step', { runId }));
  }

  /** Stops and keeps the run; gives up one that still prepares; does nothing for one that is over. */
  async stop(): Promise<void> {
    this.#starting?.cancel();
    await this.#steer((client, runId) => client.request('run/stop', { runId }));
  }

  async #steer(
    ask: (client: Client<CoreContract>, runId: RunId) => Promise<unknown>,
  ): Promise<void> {
    const runId = this.#store.run?.runId;
    if (runId == null || !this.#store.isActive) return;
    await ask(await this.#client(), runId);
  }
}

/** For a bad config one line per problem, each with its place; the Problems panel has the same as links. */
function reasonOf(error: unknown): string {
  const problems = error instanceof AppError ? error.diagnostics : [];
  if (problems.length === 0) return errorMessage(error);
  const lines = problems
    .filter(({ severity }) => severity === 'error')
    .map((problem) => formatDiagnostic({ ...problem, file: path.basename(problem.file) }));
  return lines.join('\n');
}

/** Subscribes the store to a core's events. @returns a function that ends it. */
export function followRuns(client: Client<CoreContract>, store: RunStore): () => void {
  const subscriptions = [
    client.on('run/preparing', (event) => store.onProgress(event)),
    client.on('run/state', (event) => store.onState(event)),
    client.on('run/steps', (event) => store.onSteps(event)),
    client.on('run/epochs', (event) => store.onEpochs(event)),
    client.on('run/end', (event) => store.onEnd(event)),
  ];
  return () => {
    for (const end of subscriptions) end();
  };
}
