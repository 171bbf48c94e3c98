/**
 * A whole run in the core on a table: tableOurs.ts CONFIG EPOCHS. Prints one JSON line: milliseconds of the training, from
 * `continue` to the last epoch's record, before that from the file to tensors; and then parts of an epoch by themselves:
 * nanoseconds a row of making an order, and of training with the rows in that order and in the order of the file.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { compileTraining } from '../../../src/core/train/compileTraining.ts';
import { EpochInputs } from '../../../src/core/train/epochInputs.ts';
import { prepareTraining, type PreparedTraining } from '../../../src/core/train/prepareTraining.ts';
import { startRun } from '../../../src/core/train/run.ts';
import { shuffleRows } from '../../../src/core/train/shuffledRows.ts';
import { initialTensors } from '../../../src/core/train/weights.ts';
import { median } from '../table.ts';
import { peakMegabytes } from './peakMemory.ts';

const [file = '', epochs] = process.argv.slice(2);
const reading = performance.now();
const { prepared } = await prepareTraining({
  text: await readFile(file, 'utf8'),
  file,
  configFile: file,
});
if (prepared === null) throw new Error(`${file} has errors`);
const read = performance.now() - reading;
const outputDirectory = await mkdtemp(path.join(os.tmpdir(), 'trainbench-bench-'));
const training = await startRun({
  file,
  createBackend: () => Promise.resolve(createWasmBackend({ threads: 1 })),
  overrides: { outputDirectory, epochs: Number(epochs) },
  startPaused: true,
});
let ended = 0;
let loss = NaN;
training.onEvent((event) => {
  if (event.kind !== 'epochs') return;
  ended = performance.now();
  loss = event.records.at(-1)!.loss;
});
const started = performance.now();
await training.continue();
await training.done;
await rm(outputDirectory, { recursive: true });
const megabytes = peakMegabytes();
const milliseconds = [ended - started];
const parts = await epochParts(prepared);
process.stdout.write(
  `${JSON.stringify({ milliseconds, loss, reading: read, megabytes, parts })}\n`,
);

async function epochParts(training: PreparedTraining): Promise<Record<string, number>> {
  const { model, config, task } = training;
  const tensors = initialTensors(model, config.seed);
  const compiled = await compileTraining(createWasmBackend({ threads: 1 }), training, {
    tensors,
    step: 0,
  });
  const { executable, program } = compiled;
  const inputs = { program: program.program, task, seed: config.seed.value };
  const { learningRate } = task.optimizer;
  new EpochInputs(executable, inputs).write({ epoch: 0, firstStep: 0, learningRate });
  const rows = task.trainingRows;
  const times = Math.ceil(2e6 / rows);
  const trainAll = () => {
    for (const { name, count } of program.train) executable.direct?.run(name, 0, count);
  };
  const order = new Int32Array(rows);
  const ordering = nanoseconds(times, rows, (epoch) => shuffleRows(order, { seed: 0, epoch }));
  const shuffled = nanoseconds(times, rows, trainAll);
  for (let i = 0; i < rows; i++) order[i] = i;
  executable.write('order', order);
  const inOrder = nanoseconds(times, rows, trainAll);
  executable.destroy();
  return { ordering, shuffled, inOrder };
}

/** A row, by the median of some turns after one that warms up. */
function nanoseconds(times: number, rows: number, work: (time: number) => void): number {
  work(0);
  const turns = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    for (let time = 0; time < times; time++) work(time);
    return ((performance.now() - begun) * 1e6) / (times * rows);
  });
  return median(turns);
}
