/**
 * Does once, while nobody asks for anything, what the first training would have to wait for: loading and first execution
 * of the parser, the layers, autodiff and the code generator, and counting the cores, for which Windows takes half a
 * second. A piece at a time, so that a request waits for one at most;
 * given up when a run begins.
 */
import { parseConfig } from '../shared/model/parseConfig.ts';
import type { TrainConfig } from '../shared/model/trainConfig.ts';
import type { Transport } from '../shared/protocol/contract.ts';
import { physicalCores } from './backends/wasm/physicalCores.ts';
import { createWasmBackend } from './backends/wasm/wasmBackend.ts';
import { buildModel } from './graph/buildModel.ts';
import type { ModelContext } from './graph/model.ts';
import type { Program } from './ir/program.ts';
import { buildEpochProgram } from './train/epochProgram.ts';
import { createTask } from './train/epochTask.ts';

/** Milliseconds without a message after which the core counts as idle. */
const quiet = 50;

const config = `
task: classification
data:
  path: none.csv
  features: [{name: a}, {name: b}]
  target: {name: c}
model:
  - {type: Dense, units: 4, activation: relu}
  - {type: Dense, units: 3, activation: softmax}
training:
  epochs: 1
  batch_size: 2
  optimizer: {type: Adam}
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
`;

const context: ModelContext = {
  inputShape: [2],
  inputScale: null,
  target: { kind: 'classes', classes: 3, names: ['x', 'y', 'z'] },
};
const rows = { trainingRows: 5, validationRows: 3, typicalTarget: [0] };

/** A piece after each quiet moment, until all is done or a run begins. */
export function warmUpWhenIdle(
  transport: Pick<Transport, 'onMessage'>,
  pieces: Iterator<unknown, void> = warmUpPieces(),
): void {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver ||= pieces.next().done === true;
    if (!isOver) timer.refresh();
  }, quiet).unref();
  transport.onMessage((message) => {
    isOver ||= message.kind === 'request' && runMethods.has(message.method);
    if (!isOver) timer.refresh();
  });
}

const runMethods = new Set(['run/start', 'run/resume']);

/** Each `next` does one piece of work and gives what it led to. */
export function* warmUpPieces(): Generator<unknown, void> {
  yield physicalCores();
  const { config: parsed, document } = parseConfig(config, 'warm-up');
  yield parsed;
  const program = parsed && programOf(parsed, document);
  yield program;
  if (program !== null) yield compileAndRun(program);
}

function programOf(
  parsed: TrainConfig,
  document: ReturnType<typeof parseConfig>['document'],
): Program | null {
  const { model } = buildModel({ config: parsed, document, context, classes: null });
  return model && buildEpochProgram(createTask(parsed, model, rows)).program;
}

async function compileAndRun(program: Program): Promise<void> {
  const backend = createWasmBackend({ threads: 1 });
  const executable = await backend.compile(program);
  for (const { name, count } of program.loops) await executable.run(name, 0, count);
  executable.destroy();
  backend.destroy();
}
