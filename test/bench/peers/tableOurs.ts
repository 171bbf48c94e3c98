/**
 * A whole run in the core on a table: tableOurs.ts CONFIG EPOCHS. Prints one JSON line: milliseconds of the training, from
 * `continue` to the last epoch's record, and before that from the file to tensors.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { prepareTraining } from '../../../src/core/train/prepareTraining.ts';
import { startRun } from '../../../src/core/train/run.ts';

const [file = '', epochs] = process.argv.slice(2);
const reading = performance.now();
await prepareTraining({ text: await readFile(file, 'utf8'), file, configFile: file });
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
const megabytes = process.resourceUsage().maxRSS / 1024;
const milliseconds = [ended - started];
process.stdout.write(`${JSON.stringify({ milliseconds, loss, reading: read, megabytes })}\n`);
