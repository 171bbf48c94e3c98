/**
 * W1 on our wasm backend: w1Ours.ts program|run EPOCHS REPEATS. Prints one JSON line.
 * `program` is the compiled epoch with its columns read back each epoch; `run` is a whole run in the core,
 * records, metrics and run directory included, from `continue` to the last epoch's record.
 * `cold` is the first measurement of the process.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { startRun } from '../../../src/core/train/run.ts';
import { allocate } from '../../../src/shared/tensor/tensorType.ts';
import { compileTraining } from '../../../src/core/train/compileTraining.ts';
import { initialTensors, writeTensors } from '../../../src/core/train/weights.ts';
import { prepareW1, w1Config } from '../w1Data.ts';

const [which, epochs, repeats] = process.argv.slice(2);
const measure = which === 'program' ? await program() : run;
const count = Number(epochs);
// The first run includes generating and compiling for a whole run; V8 then takes some runs to optimise.
const cold = (await measure(count)).milliseconds;
for (let i = 0; i < 5; i++) await measure(count);
const milliseconds: number[] = [];
let loss = 0;
for (let i = 0; i < Number(repeats); i++) {
  const result = await measure(count);
  milliseconds.push(result.milliseconds);
  loss = result.loss;
}
const peer = which === 'program' ? 'Trainbench wasm, program' : 'Trainbench wasm, run in the core';
process.stdout.write(`${JSON.stringify({ peer, milliseconds, loss, cold })}\n`);

interface Measured {
  readonly milliseconds: number;
  readonly loss: number;
}

async function program(): Promise<(epochs: number) => Promise<Measured>> {
  const prepared = await prepareW1();
  const tensors = initialTensors(prepared.model, prepared.config.seed);
  const { program, executable } = await compileTraining(createWasmBackend(), prepared, {
    tensors,
    step: 0,
  });
  executable.write('learning_rate', Float32Array.of(0.001));
  const reset = () => {
    writeTensors(executable, tensors);
    executable.write('step', Int32Array.of(0));
    for (const { name, type } of program.program.buffers) {
      if (name.startsWith('optimizer/')) executable.write(name, allocate(type));
    }
  };
  return async (count) => {
    reset();
    const started = performance.now();
    let loss = 0;
    for (let i = 0; i < count; i++) {
      const losses: number[] = [];
      for (const loop of [...program.train, ...program.validation]) {
        await executable.run(loop.name, 0, loop.count);
        const column = await executable.read(`${loop.name}/loss`);
        if (program.train.includes(loop)) losses.push(...column);
      }
      loss = losses.reduce((a, b) => a + b, 0) / losses.length;
    }
    return { milliseconds: performance.now() - started, loss };
  };
}

async function run(epochs: number): Promise<Measured> {
  const outputDirectory = await mkdtemp(path.join(os.tmpdir(), 'trainbench-bench-'));
  const training = await startRun({
    file: w1Config,
    createBackend: () => Promise.resolve(createWasmBackend()),
    overrides: { outputDirectory, epochs },
    startPaused: true,
  });
  let ended = 0;
  let loss = 0;
  training.onEvent((event) => {
    if (event.kind !== 'epochs') return;
    ended = performance.now();
    loss = event.records.at(-1)!.loss;
  });
  const started = performance.now();
  await training.continue();
  await training.done;
  await rm(outputDirectory, { recursive: true });
  return { milliseconds: ended - started, loss };
}
