/** Small runs made by hand, for tests of the run directory. */
import { startOf } from '../../src/core/runs/activeRuns.ts';
import type { Checkpoint } from '../../src/core/runs/checkpoints.ts';
import type { RunRecord } from '../../src/core/runs/records.ts';
import { createRunDirectory } from '../../src/core/runs/runDirectory.ts';
import { RunWriter } from '../../src/core/runs/runWriter.ts';
import type { NamedTensor } from '../../src/core/runs/safetensors.ts';
import type { EpochRecord } from '../../src/shared/protocol/core.ts';

export function tensor(
  name: string,
  values: readonly number[],
  shape = [values.length],
): NamedTensor {
  return { name, dtype: 'f32', shape, values: Float32Array.from(values) };
}

export function checkpointAt(step: number, kind: 'last' | 'best' = 'last'): Checkpoint {
  return {
    kind,
    state: {
      format: 1,
      step,
      position: {
        epoch: Math.floor(step / 10),
        batch: step % 10,
        rows: 0,
        batches: 0,
        lossSum: 0.1 + 0.2,
        metricSums: [[1, 2]],
        seconds: 0,
      },
      random: { generator: 'threefry-2x32-20', seed: 0 },
      learningRate: 0.001,
      callbacks: [{ best: Infinity, wait: 0 }],
      kept: [],
      score: null,
      seconds: 1,
    },
    tensors: [tensor('model/fc1/kernel', [step, -0, NaN, 1e-45], [2, 2])],
  };
}

export function recordAt(step: number, state: RunRecord['state'] = 'running'): RunRecord {
  return {
    format: 1,
    name: 'test',
    state,
    pid: process.pid,
    processStart: startOf(process.pid),
    created: '2026-01-02T03:04:05.000Z',
    updated: '2026-01-02T03:04:05.000Z',
    configFile: 'test.train.yaml',
    epochs: 100,
    epochsDone: Math.floor(step / 10),
    stepsPerEpoch: 10,
    step,
    loss: NaN,
    val_loss: null,
    seconds: 1,
    metrics: { accuracy: 0.5 },
    baseline: { kind: 'majority', metrics: { accuracy: 0.4, correct: 8, total: 20 }, guess: 'a' },
    seenRows: null,
    score: { epoch: 1, rows: 20, correct: 10, rmse: null },
    verdict: '',
    series: { step: ['loss'], epoch: ['loss', 'accuracy', 'learning_rate'] },
    choice: null,
  };
}

export function epochRecord(epoch: number): EpochRecord {
  const metrics = { accuracy: 0.5 };
  return {
    epoch,
    epochs: 100,
    loss: 1 / epoch,
    metrics,
    learning_rate: 0.1,
    seconds: 0,
    step: epoch * 10,
  };
}

/** A begun run in `parent`; its first files are on disk. */
export async function beginRun(
  parent: string,
): Promise<{ readonly directory: string; readonly writer: RunWriter }> {
  const directory = await createRunDirectory(parent, 'test', new Date(2026, 0, 2, 3, 4, 5));
  const writer = new RunWriter(directory);
  writer.begin({
    record: recordAt(0),
    files: firstFiles,
    original: { name: 'test.train.yaml', text: 'name: test\n' },
  });
  await writer.settled();
  return { directory, writer };
}

const environment = {
  trainbench: 'test',
  node: 'v20.0.0',
  v8: '11',
  platform: 'test',
  backend: 'reference',
  device: 'test',
  choices: { fma: 'none' },
  threads: 1,
  seed: 0,
  floatMode: 'machine',
  epochLoss: 'sample_weighted',
  typicalTarget: [0],
  data: { file: 'test.csv', sha256: '', rows: 1 },
};

/** What a run needs beside its record. */
export const firstFiles = {
  'config.json': '{}',
  'environment.json': JSON.stringify(environment),
  'preprocessing.json': '{"features":[],"target":{}}',
} as const;
