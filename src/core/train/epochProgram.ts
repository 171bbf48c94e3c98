/**
 * The Program of an epoch. Loops `train`, `train/last`, `validation`, `validation/last`: one iteration is
 * one batch, and `last` is the ragged one when the rows do not divide into batches.
 *
 * Buffers: `data/<split>/x` and `/y`; a state buffer per tensor of the model and per slot of the optimizer;
 * scalars `seed`, `epoch`, `step` (steps done, counted on the device), `learning_rate`; with shuffling
 * `order`, which the host writes each epoch. Columns: `<loop>/loss` [count], the batch mean, and
 * `<loop>/metric/<i>` [count, width], sums over the batch.
 */
import { gradients } from '../autodiff/gradients.ts';
import type { ForwardContext, Model, Output } from '../graph/model.ts';
import { Builder } from '../ir/builder.ts';
import type { BufferDecl, Loop, Node, Program, Store } from '../ir/program.ts';
import type { Loss, Metric, Optimizer } from '../optim/types.ts';
import { streamOf } from '../random/threefry.ts';
import { batchLoops, type BatchLoop } from './batchLoops.ts';

export interface EpochTask {
  readonly model: Model;
  readonly loss: Loss;
  readonly trainMetrics: readonly Metric[];
  readonly validationMetrics: readonly Metric[];
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly trainingRows: number;
  /** May be 0: then there are no validation loops. */
  readonly validationRows: number;
}

export interface EpochProgram {
  readonly program: Program;
  readonly train: readonly BatchLoop[];
  readonly validation: readonly BatchLoop[];
}

export function buildEpochProgram(task: EpochTask): EpochProgram {
  const b = new Builder();
  const train = batchLoops('train', task.trainingRows, task.batchSize);
  const validation = batchLoops('validation', task.validationRows, task.batchSize);
  const loops = [
    ...train.map((loop) => trainLoop(b, task, loop)),
    ...validation.map((loop) => evaluationLoop(b, task, loop)),
  ];
  return { program: b.program('epoch', loops), train, validation };
}

/** Only the validation loops, over the rows of any split: the Program of `evaluate`. */
export function buildEvaluationProgram(task: EpochTask): EpochProgram {
  const b = new Builder();
  const validation = batchLoops('validation', task.validationRows, task.batchSize);
  const loops = validation.map((loop) => evaluationLoop(b, task, loop));
  return { program: b.program('evaluation', loops), train: [], validation };
}

/** Loop(s) `predict` that emit the outputs of `data/predict/x` to `<loop>/output` [count, rows, ...]. */
export function buildPredictProgram(model: Model, rows: number, batchSize: number): EpochProgram {
  const b = new Builder();
  const validation = batchLoops('predict', rows, batchSize);
  const loops = validation.map((loop): Loop => {
    const x = takeRows(b, dataBuffer(b, 'predict/x', rows, model), loop, null);
    const { value } = model.forward(x, forwardContext(b, model, false).context);
    const column = b.buffer(`${loop.name}/output`, 'column', 'f32', [
      loop.count,
      ...value.type.shape,
    ]);
    return { name: loop.name, count: loop.count, stores: [b.emit(column, value)] };
  });
  return { program: b.program('predict', loops), train: [], validation };
}

function trainLoop(b: Builder, task: EpochTask, loop: BatchLoop): Loop {
  const { model, optimizer } = task;
  const stepsDone = b.buffer('step', 'state', 'i32', []);
  const step = b.add(b.load(stepsDone), 1);
  const { context, updates } = forwardContext(b, model, true, step);
  const order = task.shuffle ? b.buffer('order', 'state', 'i32', [task.trainingRows]) : null;
  const batch = takeBatch(b, task, loop, { split: 'train', order, context });
  const loss = task.loss.build(b, batch);
  const parameters = model.tensors
    .filter((t) => t.trainable)
    .map((t) => tensorBuffer(b, model, t.name));
  const slopes = gradients(
    b,
    loss,
    parameters.map((buffer) => b.load(buffer)),
  );
  const learningRate = b.load(b.buffer('learning_rate', 'state', 'f32', []));
  const steps = optimizer.build(
    b,
    parameters.map((buffer, i) => ({ buffer, gradient: slopes[i]! })),
    { learningRate, step },
  );
  const stores = [
    ...statistics(b, task.trainMetrics, loop, { loss, batch }),
    ...steps,
    ...updates(),
    b.assign(stepsDone, step),
  ];
  return { name: loop.name, count: loop.count, stores };
}

function evaluationLoop(b: Builder, task: EpochTask, loop: BatchLoop): Loop {
  const { context } = forwardContext(b, task.model, false);
  const batch = takeBatch(b, task, loop, { split: 'validation', order: null, context });
  const loss = task.loss.build(b, batch);
  const stores = statistics(b, task.validationMetrics, loop, { loss, batch });
  return { name: loop.name, count: loop.count, stores };
}

interface BatchNodes {
  readonly output: Output;
  readonly target: Node;
  readonly rows: number;
}

interface BatchSource {
  readonly split: 'train' | 'validation';
  /** i32[rows]: the order in which rows are taken; null for that of the data. */
  readonly order: BufferDecl | null;
  readonly context: ForwardContext;
}

function takeBatch(b: Builder, task: EpochTask, loop: BatchLoop, source: BatchSource): BatchNodes {
  const { model } = task;
  const { split, order, context } = source;
  const rows = split === 'train' ? task.trainingRows : task.validationRows;
  const x = takeRows(b, dataBuffer(b, `${split}/x`, rows, model), loop, order);
  const { target } = model.context;
  const y =
    target.kind === 'classes'
      ? b.buffer(`data/${split}/y`, 'data', 'i32', [rows])
      : b.buffer(`data/${split}/y`, 'data', 'f32', [rows, target.width]);
  return {
    output: model.forward(x, context),
    target: takeRows(b, y, loop, order),
    rows: loop.rows,
  };
}

function takeRows(b: Builder, data: BufferDecl, loop: BatchLoop, order: BufferDecl | null): Node {
  const inLoop = b.mul(b.iteration(), loop.rows);
  const start = loop.firstRow === 0 ? inLoop : b.constant(loop.firstRow, [], 'i32');
  if (order === null) return b.dynamicRows(b.load(data), start, loop.rows);
  return b.gatherRows(b.load(data), b.dynamicRows(b.load(order), start, loop.rows));
}

function statistics(
  b: Builder,
  metrics: readonly Metric[],
  loop: BatchLoop,
  { loss, batch }: { readonly loss: Node; readonly batch: BatchNodes },
): Store[] {
  const sums = metrics.map((metric, i) => {
    const column = b.buffer(`${loop.name}/metric/${i}`, 'column', 'f32', [
      loop.count,
      metric.width,
    ]);
    return b.emit(column, metric.build(b, batch));
  });
  return [b.emit(b.buffer(`${loop.name}/loss`, 'column', 'f32', [loop.count]), loss), ...sums];
}

/** Without `step` for a pass that draws no random numbers. */
function forwardContext(
  b: Builder,
  model: Model,
  training: boolean,
  step: Node = b.constant(0, [], 'i32'),
): { readonly context: ForwardContext; readonly updates: () => Store[] } {
  const updates = new Map<string, Node>();
  const scalar = (name: string) =>
    training ? b.load(b.buffer(name, 'state', 'i32', [])) : b.constant(0, [], 'i32');
  let streams = 0;
  const context: ForwardContext = {
    builder: b,
    training,
    tensor: (name) => b.load(tensorBuffer(b, model, name)),
    random: { seed: scalar('seed'), epoch: scalar('epoch'), step },
    nextStream: () => streamOf('step', streams++),
    update: (name, value) => updates.set(name, value),
  };
  return {
    context,
    updates: () =>
      [...updates].map(([name, value]) => b.assign(tensorBuffer(b, model, name), value)),
  };
}

function tensorBuffer(b: Builder, model: Model, name: string): BufferDecl {
  const tensor = model.tensors.find((t) => t.name === name);
  return b.buffer(name, 'state', 'f32', tensor?.shape ?? []);
}

function dataBuffer(b: Builder, name: string, rows: number, model: Model): BufferDecl {
  return b.buffer(`data/${name}`, 'data', 'f32', [rows, ...model.context.inputShape]);
}
