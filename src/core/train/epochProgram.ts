/**
 * The Program of an epoch. Loops `train`, `train/last`, `validation`, `validation/last`: one iteration is
 * one batch, and `last` is the ragged one when the rows do not divide into batches.
 *
 * Buffers: `data/<split>/x` and `/y`; a state buffer per tensor of the model and per slot of the optimizer;
 * scalars `seed`, `epoch`, `step` (steps done, counted on the device), `learning_rate`; with shuffling
 * `order`, which the host writes each epoch. Columns: `<loop>/loss` [count], the batch mean, and
 * `<loop>/metric/<i>` [count, width], sums over the batch.
 */
import type { Model } from '../graph/model.ts';
import { Builder } from '../ir/builder.ts';
import type { Loop, Node, Program, Store } from '../ir/program.ts';
import type { Batch, Metric } from '../optim/types.ts';
import { batchLoops, type BatchLoop } from './batchLoops.ts';
import type { EpochTask } from './epochTask.ts';
import { takeInputs } from './takeInputs.ts';
import { buildTrainingStep, forwardContext, takeBatch } from './trainingStep.ts';

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
    ...train.map((loop) => buildTrainLoop(b, task, loop)),
    ...validation.map((loop) => evaluationLoop(b, task, loop)),
  ];
  return { program: b.program('epoch', loops), train, validation };
}

/**
 * Only the validation loops, over the rows of any split: the Program of `evaluate`. Its columns also have
 * `<loop>/rowLoss` [count, rows] and `<loop>/output` [count, rows, ...].
 */
export function buildEvaluationProgram(task: EpochTask): EpochProgram {
  const b = new Builder();
  const validation = batchLoops('validation', task.validationRows, task.batchSize);
  const loops = validation.map((loop): Loop => {
    const { batch, stores } = evaluation(b, task, loop);
    const column = (name: string, value: Node) =>
      b.buffer(`${loop.name}/${name}`, 'column', 'f32', [loop.count, ...value.type.shape]);
    const [losses, { value }] = [task.loss.rows(b, batch), batch.output];
    const own = [b.emit(column('rowLoss', losses), losses), b.emit(column('output', value), value)];
    return { name: loop.name, count: loop.count, stores: [...stores, ...own] };
  });
  return { program: b.program('evaluation', loops), train: [], validation };
}

/** Loop(s) `predict` that emit the outputs of `data/predict/x` to `<loop>/output` [count, rows, ...]. */
export function buildPredictProgram(model: Model, rows: number, batchSize: number): EpochProgram {
  const b = new Builder();
  const validation = batchLoops('predict', rows, batchSize);
  const loops = validation.map((loop): Loop => {
    const x = takeInputs(b, model, { split: 'predict', rows, loop, order: null });
    const { value } = model.forward(x, forwardContext(b, model, null).context);
    const column = b.buffer(`${loop.name}/output`, 'column', 'f32', [
      loop.count,
      ...value.type.shape,
    ]);
    return { name: loop.name, count: loop.count, stores: [b.emit(column, value)] };
  });
  return { program: b.program('predict', loops), train: [], validation };
}

/** One iteration is one step. */
export function buildTrainLoop(b: Builder, task: EpochTask, loop: BatchLoop): Loop {
  const { loss, batch, stores } = buildTrainingStep(b, task, loop);
  const sums = statistics(b, task.trainMetrics, loop, { loss, batch });
  return { name: loop.name, count: loop.count, stores: [...sums, ...stores] };
}

function evaluationLoop(b: Builder, task: EpochTask, loop: BatchLoop): Loop {
  const { stores } = evaluation(b, task, loop);
  return { name: loop.name, count: loop.count, stores };
}

function evaluation(b: Builder, task: EpochTask, loop: BatchLoop) {
  const { context } = forwardContext(b, task.model, null);
  const batch = takeBatch(b, task, loop, { split: 'validation', order: null, context });
  const loss = b.from({ layer: null, pass: 'loss' }, () => task.loss.build(b, batch));
  return { batch, stores: statistics(b, task.validationMetrics, loop, { loss, batch }) };
}

function statistics(
  b: Builder,
  metrics: readonly Metric[],
  loop: BatchLoop,
  { loss, batch }: { readonly loss: Node; readonly batch: Batch },
): Store[] {
  const sums = metrics.map((metric, i) => {
    const column = b.buffer(`${loop.name}/metric/${i}`, 'column', 'f32', [
      loop.count,
      metric.width,
    ]);
    return b.emit(
      column,
      b.from({ layer: null, pass: 'metrics' }, () => metric.build(b, batch)),
    );
  });
  return [b.emit(b.buffer(`${loop.name}/loss`, 'column', 'f32', [loop.count]), loss), ...sums];
}
