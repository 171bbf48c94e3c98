/**
 * What augmentation costs: augmentationOurs.ts WORK, which is JSON: threads, seconds. A step of samples/cifar10-keras on
 * made-up photos, by turns in three forms: without its augmentation, with it in the step, and with it a step ahead on a
 * thread of its own. Prints one JSON line: for each form the milliseconds of a step, turn by turn, and of the last form how
 * often a step waited for its images.
 */
import { readFile } from 'node:fs/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { randomSource } from '../../../src/core/random/threefry.ts';
import { compileTraining, type CompiledTraining } from '../../../src/core/train/compileTraining.ts';
import { EpochInputs } from '../../../src/core/train/epochInputs.ts';
import { prepareTraining } from '../../../src/core/train/prepareTraining.ts';
import { initialTensors } from '../../../src/core/train/weights.ts';
import { writeFiles } from '../../kit/imageFiles.ts';

interface Form {
  readonly text: string;
  readonly ahead: boolean;
}

const { threads, seconds } = JSON.parse(process.argv[2] ?? '{}') as Record<string, number>;
const sample = 'samples/cifar10-keras/cifar10-keras.train.yaml';
const folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-augment-'));

try {
  writePhotos();
  const text = (await readFile(sample, 'utf8')).replace('cifar10 #', 'cifar10\n  path: photos #');
  const plain = text.replace(/ {2}augmentation:.*\n(?: {4}- .*\n)+/, '');
  const { times, ...waited } = await measure([
    { text: plain, ahead: false },
    { text, ahead: false },
    { text, ahead: true },
  ]);
  const [none, inStep, ahead] = times;
  process.stdout.write(`${JSON.stringify({ none, inStep, ahead, ...waited })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** 64 batches of noise: what is on the photos does not matter to the time. */
function writePhotos(): void {
  const { word } = randomSource({ seed: 1, stream: 0 });
  const batch = (count: number) =>
    Buffer.concat(
      Array.from({ length: count }, () =>
        Buffer.from(Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? word() % 10 : word()))),
      ),
    );
  const names = Array.from({ length: 10 }, (_, i) => `class ${i}`).join('\n');
  const training = [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, batch(416)] as const);
  writeFiles(path.join(folder, 'photos'), {
    ...Object.fromEntries(training),
    'test_batch.bin': batch(32),
    'batches.meta.txt': Buffer.from(names),
  });
}

async function compiled({ text, ahead }: Form): Promise<CompiledTraining> {
  const configFile = path.join(folder, 'bench.train.yaml');
  writeFileSync(configFile, text);
  const { prepared, diagnostics } = await prepareTraining({ text, file: configFile, configFile });
  if (prepared === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const { config, data, model, task } = prepared;
  const backend = createWasmBackend({ threads: threads!, ahead });
  const tensors = initialTensors(model, config.seed, data);
  const training = await compileTraining(backend, prepared, { tensors, step: 0 });
  const inputs = { program: training.program.program, task, seed: config.seed.value };
  const start = { epoch: 0, learningRate: 1e-4, firstStep: 0 };
  new EpochInputs(training.executable, inputs).write(start);
  return training;
}

interface Measured {
  /** Of each form, turn by turn. */
  readonly times: number[][];
  /** Steps of the last form, and how often one of them waited for its images. */
  readonly steps: number;
  readonly waits: number;
}

/** By turns of eight steps, one for each call as in training, so that all meet the same moods of the machine. */
async function measure(wanted: readonly Form[]): Promise<Measured> {
  const forms: CompiledTraining[] = [];
  for (const form of wanted) forms.push(await compiled(form));
  const times = forms.map((): number[] => []);
  const end = performance.now() + seconds! * 1000;
  let steps = 0;
  for (let turn = 0; performance.now() < end; turn++, steps += 8) {
    for (const [i, { executable }] of forms.entries()) {
      const from = (turn * 8) % 64;
      const before = performance.now();
      for (let step = from; step < from + 8; step++) await executable.run('train', step, step + 1);
      // V8 optimises during the first turns.
      if (turn >= 4) times[i]!.push((performance.now() - before) / 8);
    }
  }
  const waits = forms.at(-1)?.executable.waits?.('train') ?? NaN;
  for (const { executable } of forms) executable.destroy();
  return { times, steps, waits };
}
