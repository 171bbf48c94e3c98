/**
 * One training step as IR: takes its rows, runs the layers forward, the loss, backward, and the optimizer's
 * update. The epoch program loops over it; explaining a step looks inside it.
 */
import { invariant } from '../../shared/errors.ts';
import type { Origin } from '../../shared/kernelInfo.ts';
import { gradients } from '../autodiff/gradients.ts';
import type { ForwardContext, LayerTrace, Model, Output } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { BufferDecl, Node, Store } from '../ir/program.ts';
import type { Batch, ParameterUpdate } from '../optim/types.ts';
import { streamOf } from '../random/threefry.ts';
import type { BatchLoop } from './batchLoops.ts';
import type { EpochTask, RowWeights } from './epochTask.ts';
import { blocksOf, type RowBlock, sumOverBlocks } from './rowBlocks.ts';
import { takeInputs } from './takeInputs.ts';
import { takeTargets } from './targets.ts';

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

/** `onLayer` is told of the forward pass, in a step without blocks; it changes nothing. */
export function buildTrainingStep(
  b: Builder,
  task: EpochTask,
  loop: BatchLoop,
  onLayer?: (trace: LayerTrace) => void,
): TrainingStep {
  const { model, optimizer } = task;
  const stepsDone = b.buffer('step', 'state', 'i32', []);
  const step = b.from({ layer: null, pass: 'update' }, () => b.add(b.load(stepsDone), 1));
  const order = task.shuffle ? b.buffer('order', 'state', 'i32', [task.trainingRows]) : null;
  const passes = blocksOf(task, loop.rows).map((block, index) =>
    b.inBlock(index, () => {
      const forward = forwardContext(b, model, { step, firstRow: block.first });
      const context = onLayer === undefined ? forward.context : { ...forward.context, onLayer };
      const source = { split: 'train', order, context, block } as const;
      const batch = inPrecision(b, task, () => takeBatch(b, task, loop, source));
      return { block, batch, updates: forward.updates };
    }),
  );
  const target = takeTarget(b, task, loop, { split: 'train', order });
  const fromLoss = { layer: null, pass: 'loss' } as const;
  const batch = joined(b, passes, target);
  const weighted = b.from(fromLoss, () => weighed(b, batch, task.rowWeights));
  const loss = b.from(fromLoss, () => task.loss.build(b, weighted));
  const shares = passes.map((pass, index) =>
    b.inBlock(index, () => b.from(fromLoss, () => shareOfLoss(b, task, weighted, pass))),
  );
  const parameters = model.tensors
    .filter((t) => t.trainable)
    .map((t) => tensorBuffer(b, model, t.name));
  const slopes = inPrecision(b, task, () => scaledGradients(b, task, shares, parameters));
  const { updates, stores } = b.from({ layer: null, pass: 'update' }, () =>
    optimizer.build(b, slopes.scaled, { learningRate: learningRateOf(b, task, loop), step }),
  );
  return {
    batch,
    rowWeights: weighted.weights ?? null,
    loss,
    slopes: slopes.own,
    updates,
    stores: [...stores, ...passes.flatMap((pass) => pass.updates()), b.assign(stepsDone, step)],
  };
}

/** The forward pass of a block of the batch. */
interface BlockPass {
  readonly block: RowBlock;
  readonly batch: Batch;
}

/** The batch of all blocks. */
function joined(b: Builder, passes: readonly BlockPass[], target: Node): Batch {
  const [first] = passes;
  invariant(first !== undefined, 'a step of no rows');
  if (passes.length === 1) return first.batch;
  const { logits, activation } = first.batch.output;
  const join = (of: (output: Output) => Node): Node =>
    b.concat(
      passes.map(({ batch }) => of(batch.output)),
      0,
    );
  const output = {
    value: join(({ value }) => value),
    ...(logits && { logits: join((own) => own.logits!) }),
    activation,
  };
  return { output, target, rows: target.type.shape[0]! };
}

/** What the rows of a block contribute to the mean loss of the batch. */
function shareOfLoss(b: Builder, { loss }: EpochTask, whole: Batch, pass: BlockPass): Node {
  const { block, batch } = pass;
  const { weights, rows } = whole;
  if (block.rows === rows) return loss.build(b, whole);
  const own = weights && { weights: b.slice(weights, [block.first], [block.rows]) };
  return b.mul(loss.build(b, { ...batch, ...own }), block.rows / rows);
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

/** Of the sum of `shares`, one for each block. */
function scaledGradients(
  b: Builder,
  { optimizer }: EpochTask,
  shares: readonly Node[],
  parameters: readonly BufferDecl[],
): Slopes {
  const loads = parameters.map((buffer) => b.load(buffer));
  const update = (list: readonly Node[]) =>
    parameters.map((buffer, i): ParameterUpdate => ({ buffer, gradient: list[i]! }));
  const scale = optimizer.lossScale?.(b);
  const scaled = sumOverBlocks(b, shares.length, (index) =>
    gradients(b, scale === undefined ? shares[index]! : b.mul(shares[index]!, scale), loads),
  );
  if (scale === undefined) return { scaled: update(scaled), own: update(scaled) };
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
  /** Of the batch; all of it by default. */
  readonly block?: RowBlock;
  readonly context: ForwardContext;
}

export function takeBatch(
  b: Builder,
  task: EpochTask,
  loop: BatchLoop,
  source: BatchSource,
): Batch {
  const { model } = task;
  const { split, context } = source;
  const rows = rowsOf(task, split);
  const x = b.from(fromData, () => takeInputs(b, model, { rows, loop, ...source }));
  const target = takeTarget(b, task, loop, source);
  return { output: model.forward(x, context), target, rows: target.type.shape[0]! };
}

function takeTarget(
  b: Builder,
  task: EpochTask,
  loop: BatchLoop,
  source: Omit<BatchSource, 'context'>,
): Node {
  const { target } = task.model.context;
  const rows = rowsOf(task, source.split);
  return b.from(fromData, () => takeTargets(b, target, { rows, loop, ...source }));
}

function rowsOf(task: EpochTask, split: BatchSource['split']): number {
  return split === 'train' ? task.trainingRows : task.validationRows;
}

/** What a training pass draws its random numbers by. */
export interface TrainingPass {
  /** i32[]: the number of the step, counted from 1. */
  readonly step: Node;
  /** Of the batch that the pass sees. */
  readonly firstRow: number;
}

/** Without `training` for a pass that draws no random numbers. */
export function forwardContext(
  b: Builder,
  model: Model,
  training: TrainingPass | null,
): { readonly context: ForwardContext; readonly updates: () => Store[] } {
  const updates = new Map<string, Node>();
  const zero = b.constant(0, [], 'i32');
  const scalar = (name: string) =>
    training === null ? zero : b.load(b.buffer(name, 'state', 'i32', []));
  let streams = 0;
  const context: ForwardContext = {
    builder: b,
    training: training !== null,
    tensor: (name) => b.load(tensorBuffer(b, model, name)),
    random: { seed: scalar('seed'), epoch: scalar('epoch'), step: zero, ...training },
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
