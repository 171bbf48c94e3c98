/**
 * Run folders of any size in no time, as training would have left them: for tests and measurements of the plot.
 * As a script: `node --import tsx test/kit/syntheticRuns.ts <folder> [runs] [steps] [steps per epoch]`; 1,000 runs of
 * 2,000 steps unless told.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeColumn } from '../../src/core/runs/columnFile.ts';
import { encodeLine } from '../../src/core/runs/jsonLines.ts';
import type { RunRecord } from '../../src/core/runs/records.ts';
import { runFiles } from '../../src/core/runs/runDirectory.ts';
import { epochValues, seriesFile, seriesNames } from '../../src/core/runs/runSeries.ts';
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import { randomFrom } from './plotSeries.ts';
import { firstFiles, recordAt } from './runFixture.ts';

/** Values that take the place of a stretch of the loss per step. */
export interface Accident {
  readonly step: number;
  readonly length: number;
  readonly value: number;
}

export interface SyntheticRun {
  readonly name: string;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly seed?: number;
  readonly state?: RunRecord['state'];
  readonly accidents?: readonly Accident[];
  /** The run was killed 100 steps after this one and resumed here: `discarded/1` has them. */
  readonly resumedAt?: number;
}

const discardedSteps = 100;

/** Writes `parent/<name>` and gives its path. */
export function writeSyntheticRun(parent: string, run: SyntheticRun): string {
  const directory = path.join(parent, run.name);
  const loss = lossPerStep(run);
  const records = epochRecords(run, loss);
  const names = seriesNames(['accuracy'], { validates: true });
  const { columns, epochColumns, checkpoints, weights, original } = runFiles;
  for (const folder of [columns, epochColumns, checkpoints, weights, original]) {
    mkdirSync(path.join(directory, folder), { recursive: true });
  }
  writeColumn(directory, 'step', { series: 'loss', values: loss });
  const epochs = records.map(epochValues);
  for (const series of names.epoch) {
    const values = Float32Array.from(epochs, (epoch) => epoch[series]!);
    writeColumn(directory, 'epoch', { series, values });
  }
  writeFileSync(path.join(directory, runFiles.epochs), records.map(encodeLine).join(''));
  if (run.resumedAt !== undefined) discard(directory, run.resumedAt);
  const series = { step: ['loss'], epoch: names.epoch };
  const record = { ...recordOf(run, records.at(-1)), series };
  for (const [name, text] of Object.entries({
    ...firstFiles,
    [runFiles.record]: encodeLine(record),
  })) {
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

export function writeSyntheticRuns(
  parent: string,
  runs: number,
  shape: Pick<SyntheticRun, 'steps' | 'stepsPerEpoch'>,
): string[] {
  return Array.from({ length: runs }, (_, i) =>
    writeSyntheticRun(parent, {
      ...shape,
      name: `run-${String(i + 1).padStart(4, '0')}`,
      seed: i + 1,
    }),
  );
}

/** A falling loss with noise; where to and how fast depends on the seed. */
function lossPerStep({ steps, seed = 1, accidents = [] }: SyntheticRun): Float32Array {
  const random = randomFrom(seed * 7919);
  for (let i = 0; i < 10; i++) random();
  const [floor, speed, noise] = [0.05 + random() / 5, 3 + 5 * random(), 0.05 + random() / 5];
  const values = new Float32Array(steps);
  for (let step = 0; step < steps; step++) {
    const level = floor + Math.exp((-speed * step) / steps);
    values[step] = level * (1 + noise * (random() - 0.5));
  }
  for (const { step, length, value } of accidents) values.fill(value, step, step + length);
  return values;
}

function epochRecords(
  { steps, stepsPerEpoch }: SyntheticRun,
  perStep: Float32Array,
): EpochRecord[] {
  const epochs = Math.ceil(steps / stepsPerEpoch);
  return Array.from({ length: Math.floor(steps / stepsPerEpoch) }, (_, i) => {
    const values = perStep.subarray(i * stepsPerEpoch, (i + 1) * stepsPerEpoch);
    const loss = values.reduce((sum, value) => sum + value, 0) / stepsPerEpoch;
    const accuracy = 1 - Math.min(loss, 1) / 2;
    return {
      epoch: i + 1,
      epochs,
      loss,
      val_loss: loss * 1.1 + 0.02,
      metrics: { accuracy, val_accuracy: accuracy - 0.02 },
      learning_rate: 0.001,
      seconds: 0.01,
      step: (i + 1) * stepsPerEpoch,
    };
  });
}

function recordOf(
  { name, steps, stepsPerEpoch, state = 'completed', seed = 1 }: SyntheticRun,
  last: EpochRecord | undefined,
): RunRecord {
  const created = new Date(Date.UTC(2026, 0, 1) + seed * 60_000).toISOString();
  const { loss = null, val_loss = null, metrics = {} } = last ?? {};
  const progress = { step: steps, epochs: Math.ceil(steps / stepsPerEpoch), seconds: steps / 1e5 };
  return {
    ...recordAt(steps, state),
    ...{ name, created, updated: created, stepsPerEpoch, loss, val_loss, metrics },
    ...{ ...progress, epochsDone: Math.floor(steps / stepsPerEpoch) },
    verdict: '15 of 20 right; always guessing the commonest class: 8',
  };
}

function discard(directory: string, step: number): void {
  const folder = path.join(directory, runFiles.discarded, '1');
  mkdirSync(path.join(folder, runFiles.columns), { recursive: true });
  const values = new Float32Array(discardedSteps).fill(1);
  writeColumn(folder, 'step', { series: 'loss', values, first: step });
  const event = { time: '2026-01-01T00:00:00.000Z', step, event: 'resumed' };
  writeFileSync(path.join(directory, runFiles.events), encodeLine(event));
}

interface WholeColumn {
  readonly series: string;
  readonly values: Float32Array;
  readonly first?: number;
}

function writeColumn(
  directory: string,
  per: 'step' | 'epoch',
  { series, values, first = 0 }: WholeColumn,
): void {
  const header = { format: 'f32le', series, first } as const;
  writeFileSync(seriesFile(directory, per, series), encodeColumn({ header, values }));
}

function main([folder, ...numbers]: readonly string[]): void {
  const [runs = 1000, steps = 2000, stepsPerEpoch = 50] = numbers.map(Number);
  if (folder === undefined) throw new Error('which folder?');
  writeSyntheticRuns(folder, runs, { steps, stepsPerEpoch });
  process.stdout.write(`${runs} runs of ${steps} steps in ${folder}\n`);
}

if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) main(process.argv.slice(2));
