/** Trains small projects in this process, on each backend that training tests run on. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { loadCheckpoint } from '../../src/core/runs/openRun.ts';
import type { NamedTensor } from '../../src/core/runs/safetensors.ts';
import { resumeRun, startRun } from '../../src/core/train/run.ts';
import type {
  BackendFactory,
  TrainingEvent,
  TrainingRun,
} from '../../src/core/train/trainingRun.ts';
import type { EpochRecord, RunEnd } from '../../src/shared/protocol/core.ts';
import type { TinyProject } from './tinyProject.ts';

/** The oracle in float32, so that a checkpoint holds all of its state, and the product's own. */
export const trainingBackends: Readonly<Record<'reference' | 'wasm', BackendFactory>> = {
  reference: () => Promise.resolve(createReferenceBackend({ precision: 'float32' })),
  wasm: ({ choices, portable }) =>
    Promise.resolve<Backend>(
      createWasmBackend({
        deterministic: portable ? 'portable' : true,
        ...(choices === null ? {} : { choices }),
      }),
    ),
};

export interface Trained {
  readonly run: TrainingRun;
  readonly end: RunEnd;
  readonly events: readonly TrainingEvent[];
  readonly epochs: readonly EpochRecord[];
}

export interface TrainOptions {
  readonly createBackend: BackendFactory;
  readonly epochs?: number;
  readonly seed?: number;
  /** Stops after this many steps. */
  readonly stopAt?: number;
}

/** Trains a project to its end, or so many steps. */
export async function train(project: TinyProject, options: TrainOptions): Promise<Trained> {
  const { createBackend, stopAt, ...overrides } = options;
  const startPaused = stopAt !== undefined;
  const run = await startRun({ file: project.config, overrides, createBackend, startPaused });
  return finish(run, stopAt);
}

export async function resume(
  directory: string,
  options: Omit<TrainOptions, 'seed'>,
): Promise<Trained> {
  const { stopAt, ...rest } = options;
  const run = await resumeRun({ directory, ...rest, startPaused: stopAt !== undefined });
  return finish(run, stopAt);
}

async function finish(run: TrainingRun, stopAt: number | undefined): Promise<Trained> {
  const events: TrainingEvent[] = [];
  run.onEvent((event) => events.push(event));
  if (stopAt !== undefined) {
    while (run.step < stopAt) await run.takeStep();
    await run.stop();
  }
  const end = await run.done;
  const epochs = events.flatMap((event) => (event.kind === 'epochs' ? event.records : []));
  return { run, end, events, epochs };
}

/** The last checkpoint's tensors and all of its state that is not wall time. */
export async function lastState(directory: string): Promise<unknown> {
  const checkpoint = await loadCheckpoint(directory, 'last');
  assert.ok(checkpoint !== null, `${path.basename(directory)} has no checkpoint`);
  const { state, tensors } = checkpoint;
  const position = { ...state.position, seconds: 0 };
  return { ...state, seconds: 0, position, tensors: tensors.map(bits) };
}

/** A tensor whose values compare by their bits. */
export function bits({ name, shape, values }: NamedTensor): unknown {
  const words = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, shape, words: Buffer.from(words).toString('hex') };
}

/** An epoch record whose wall time is left out. */
export function withoutTime(record: EpochRecord): EpochRecord {
  return { ...record, seconds: 0 };
}

/** Resolves at the next event of a kind. */
export function nextEvent(run: TrainingRun, kind: TrainingEvent['kind']): Promise<TrainingEvent> {
  return new Promise((resolve) => {
    const remove = run.onEvent((event) => {
      if (event.kind !== kind) return;
      remove();
      resolve(event);
    });
  });
}
