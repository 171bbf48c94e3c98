/**
 * The penguins lab as the lab does it, from its seeds alone, on any backend, and PyTorch's trace of it
 * (test/fixtures/pytorch, with its script).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../src/core/backends/backend.ts';
import { listCheckpoints, readCheckpoint } from '../../src/core/runs/checkpoints.ts';
import { readColumns } from '../../src/core/runs/openRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { TrainingRun } from '../../src/core/train/trainingRun.ts';
import type { EpochRecord, RunEnd } from '../../src/shared/protocol/core.ts';

export type ByParameter = Readonly<Record<string, readonly number[]>>;

interface PrecisionTrace {
  readonly initial: ByParameter;
  readonly gradients: ByParameter;
  readonly losses: readonly number[];
  readonly epochs: readonly { loss: number; val_loss: number; correct: number; rows: number }[];
  readonly final: ByParameter;
}

export interface PenguinsTrace {
  readonly rows: readonly [number, number];
  readonly float32: PrecisionTrace;
  readonly float64: PrecisionTrace;
}

export const storedPenguins = JSON.parse(
  readFileSync('test/fixtures/pytorch/penguins.json', 'utf8'),
) as PenguinsTrace;

/** Our tensors [in, out] beside PyTorch's [out, in]. */
export const parameters = ['fc1', 'fc2', 'fc3'].flatMap((layer) => [
  { ours: `${layer}/kernel`, torch: `${layer}.weight` },
  { ours: `${layer}/bias`, torch: `${layer}.bias` },
]);

export interface PenguinsRun {
  readonly createBackend: () => Promise<Backend>;
  /** For its run directory. */
  readonly folder: string;
  readonly epochs: number;
}

/** Paused before its first step. */
export function beginPenguins({
  createBackend,
  folder,
  epochs,
}: PenguinsRun): Promise<TrainingRun> {
  return startRun({
    file: 'samples/penguins/penguins-lab.train.yaml',
    createBackend,
    overrides: { outputDirectory: folder, epochs },
    startPaused: true,
  });
}

export interface PenguinsOutcome {
  readonly end: RunEnd;
  readonly losses: readonly number[];
  readonly epochs: readonly EpochRecord[];
  readonly weights: ByParameter;
}

export async function trainPenguins(options: PenguinsRun): Promise<PenguinsOutcome> {
  const run = await beginPenguins(options);
  const epochs: EpochRecord[] = [];
  run.onEvent((event) => {
    if (event.kind === 'epochs') epochs.push(...event.records);
  });
  await run.continue();
  const end = await run.done;
  const losses = [...(await readColumns(run.info.directory))['loss']!];
  return { end, losses, epochs, weights: await readWeights(run) };
}

/** The gradients of the first step are off by no more than `tolerance` of the largest of their tensor. */
export async function checkFirstGradients(
  options: Omit<PenguinsRun, 'epochs'>,
  tolerance: number,
): Promise<void> {
  const run = await beginPenguins({ ...options, epochs: 1 });
  const weights = await readWeights(run);
  await run.takeStep();
  await run.stop();
  const moments = await firstMoments(run.info.directory);
  for (const { ours, torch } of parameters) {
    const expected = inOurLayout(storedPenguins.float64.gradients[torch]!, ours, weights);
    const scale = Math.max(...expected.map(Math.abs));
    // After one Adam step the first moment is a tenth of the gradient.
    moments[ours]!.forEach((m, i) =>
      assert.ok(Math.abs(m * 10 - expected[i]!) <= tolerance * scale, `${ours}[${i}]`),
    );
  }
}

/** The first 200 losses, which are those of five epochs less a few. */
export async function checkFirstLosses(options: Omit<PenguinsRun, 'epochs'>): Promise<void> {
  const { losses } = await trainPenguins({ ...options, epochs: 5 });
  assertRelative(losses.slice(0, 200), storedPenguins.float64.losses, 1e-5, 'loss');
}

export async function readWeights(run: TrainingRun): Promise<ByParameter> {
  const entries = parameters.map(async ({ ours }) => {
    const { values } = await run.readTensor(ours);
    return [ours, Array.from(values)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Adam's first moments from the last checkpoint of a run, by parameter. */
async function firstMoments(directory: string): Promise<ByParameter> {
  const checkpoints = path.join(directory, 'checkpoints');
  const last = (await listCheckpoints(checkpoints)).findLast(({ kind }) => kind === 'last');
  assert.ok(last, 'a stopped run has a checkpoint');
  const { tensors } = await readCheckpoint(checkpoints, last);
  const moment = (name: string) => tensors.find((t) => t.name === `optimizer/${name}/m`);
  return Object.fromEntries(
    parameters.map(({ ours }) => [ours, Array.from(moment(ours)!.values as Float32Array)]),
  );
}

/** A Dense kernel transposed from [out, in]; a bias as it is. */
export function inOurLayout(
  values: readonly number[],
  name: string,
  weights: ByParameter,
): number[] {
  if (!name.endsWith('/kernel')) return [...values];
  const outputs = weights[name.replace('kernel', 'bias')]!.length;
  const inputs = values.length / outputs;
  return values.map((_, i) => values[(i % outputs) * inputs + Math.floor(i / outputs)]!);
}

export function assertRelative(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `number of values of ${what}`);
  actual.forEach((value, i) => {
    const error = Math.abs(value - expected[i]!) / Math.abs(expected[i]!);
    assert.ok(error <= tolerance, `${what} ${i}: ${value} against ${expected[i]!} (${error})`);
  });
}
