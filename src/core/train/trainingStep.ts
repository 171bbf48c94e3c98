/**
 * One training step as IR: takes its rows, runs the layers forward, the loss, backward, and the optimizer's
 * update. The epoch program loops over it; explaining a step looks inside it.
 */
import type { Origin } from '../../shared/kernelInfo.ts';
import { gradients } from '../autodiff/gradients.ts';
import type { ForwardContext, LayerTrace, Model } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { BufferDecl, Node, Store } from '../ir/program.ts';
import type { Batch, ParameterUpdate } from '../optim/types.ts';
import { streamOf } from '../random/threefry.ts';
import type { BatchLoop } from './batchLoops.ts';
import type { EpochTask, RowWeights } from './epochTask.ts';
import { takeInputs, takeRows } from './takeInputs.ts';

export interface TrainingStep {
  readonly batch: Batch;
  /** f32[rows]: by how much the loss of each row counts; null where all count alike. */
  readonly rowWeights: Node | null;
  /** f32 scalar: mean over the batch. */
  readonly loss: Node;
  /** In the order of the model's tensors, with the gradients of `loss`. */
  readonly slopes: readonly ParameterUpdate[];
  /** The same with what the optimizer's rule gets: gathered, clipped. */
  readonly updates: readonly ParameterUpdate[];
  /** New values of parameters, optimizer state and moving averages, and the count of steps. */
  readonly stores: readonly Store[];
}

/** `onLayer` is told of the forward pass; it changes nothing. */
export function buildTrainingStep(
  b: Builder,
  task: EpochTask,
  loop: BatchLoop,
  onLayer?: (trace: LayerTrace) => void,
): TrainingStep {
  const { model, optimizer } = task;
  const stepsDone = b.buffer('step', 'state', 'i32', []);
  const step = b.from({ layer: null, pass: 'update' }, () => b.add(b.load(stepsDone), 1));
  const forward = forwardContext(b, model, true, step);
  const context = onLayer === undefined ? forward.context : { ...forward.context, onLayer };
  const order = task.shuffle ? b.buffer('order', 'state', 'i32', [task.trainingRows]) : null;
  const source = { split: 'train', order, context } as const;
  const batch = inPrecision(b, task, () => takeBatch(b, task, loop, source));
  const fromLoss = { layer: null, pass: 'loss' } as const;
  const weighted = b.from(fromLoss, () => weighed(b, batch, task.rowWeights));
  const loss = b.from(fromLoss, () => task.loss.build(b, weighted));
  const parameters = model.tensors
    .filter((t) => t.trainable)
    .map((t) => tensorBuffer(b, model, t.name));
  const slopes = inPrecision(b, task, () => scaledGradients(b, task, loss, parameters));
  const { updates, stores } = b.from({ layer: null, pass: 'update' }, () =>
    optimizer.build(b, slopes.scaled, { learningRate: learningRateOf(b, task, loop), step }),
  );
  return {
    batch,
    rowWeights: weighted.weights ?? null,
    loss,
    slopes: slopes.own,
    updates,
    stores: [...stores, ...forward.updates(), b.assign(stepsDone, step)],
  };
}

/** What `make` makes multiplies as the task's precision says. */
export function inPrecision<T>(b: Builder, { halfFactors }: EpochTask, make: () => T): T {
  return halfFactors === true ? b.withHalfFactors(make) : make();
}

interface Slopes {
  /** Of the loss times its scale, as the optimizer takes them. */
  readonly scaled: readonly ParameterUpdate[];
  readonly own: readonly ParameterUpdate[];
}

function scaledGradients(
  b: Builder,
  { optimizer }: EpochTask,
  loss: Node,
  parameters: readonly BufferDecl[],
): Slopes {
  const loads = parameters.map((buffer) => b.load(buffer));
  const update = (list: readonly Node[]) =>
    parameters.map((buffer, i): ParameterUpdate => ({ buffer, gradient: list[i]! }));
  const { lossScale } = optimizer;
  if (lossScale === undefined) {
    const own = update(gradients(b, loss, loads));
    return { scaled: own, own };
  }
  const scale = lossScale(b);
  const scaled = gradients(b, b.mul(loss, scale), loads);
  return { scaled: update(scaled), own: update(scaled.map((slope) => b.div(slope, scale))) };
}

/** The batch with a weight for each row, by its class. */
function weighed(b: Builder, batch: Batch, rowWeights?: RowWeights): Batch {
  if (rowWeights === undefined) return batch;
  const { byClass, bySum } = rowWeights;
  const table = b.constant(byClass, [byClass.length, 1]);
  const weights = b.reshape(b.gatherRows(table, batch.target), [batch.rows]);
  if (!bySum) return { ...batch, weights };
  return { ...batch, weights: b.mul(weights, b.div(batch.rows, b.reduce('sum', weights))) };
}

/** A scalar that the host sets each epoch, or with a schedule one number for each batch of the epoch. */
function learningRateOf(b: Builder, task: EpochTask, loop: BatchLoop): Node {
  if (task.optimizer.schedule === null) {
    return b.load(b.buffer('learning_rate', 'state', 'f32', []));
  }
  const batches = Math.ceil(task.trainingRows / task.batchSize);
  const rates = b.load(b.buffer('learning_rates', 'state', 'f32', [batches]));
  const batch = b.add(b.iteration(), loop.firstBatch);
  return b.reshape(b.dynamicRows(rates, batch, 1), []);
}

const fromData: Origin = { layer: null, pass: 'data' };

export interface BatchSource {
  readonly split: 'train' | 'validation';
  /** i32[rows]: the order in which rows are taken; null for that of the data. */
  readonly order: BufferDecl | null;
  readonly context: ForwardContext;
}

export function takeBatch(
  b: Builder,
  task: EpochTask,
  loop: BatchLoop,
  source: BatchSource,
): Batch {
  const { model } = task;
  const { split, order, context } = source;
  const rows = split === 'train' ? task.trainingRows : task.validationRows;
  const x = b.from(fromData, () => takeInputs(b, model, { split, rows, loop, order }));
  const { target } = model.context;
  const y =
    target.kind === 'classes'
      ? b.buffer(`data/${split}/y`, 'data', 'i32', [rows])
      : b.buffer(`data/${split}/y`, 'data', 'f32', [rows, target.width]);
  return {
    output: model.forward(x, context),
    target: b.from(fromData, () => takeRows(b, y, loop, order)),
    rows: loop.rows,
  };
}

/** Without `step` for a pass that draws no random numbers. */
export function forwardContext(
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
