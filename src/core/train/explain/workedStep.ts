/** A step computed on a device, whose values are read as they are asked for. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { drawCount } from '../../augment/augmentation.ts';
import { drawNumbers } from '../../augment/draws.ts';
import type { Backend, Executable } from '../../backends/backend.ts';
import { batchLoops, type BatchLoop } from '../batchLoops.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import { taskOn } from '../rowBlocks.ts';
import { shuffledRows } from '../shuffledRows.ts';
import { targetValues } from '../targets.ts';
import { optimizerPlaces, writeTensors, writeWhitening } from '../weights.ts';
import { buildExplainProgram, type ExplainProgram } from './explainProgram.ts';
import type { StepMoment } from './stepMoment.ts';

export interface WorkedStep {
  readonly moment: StepMoment;
  /** Of the epoch, from 0, and how many there are. */
  readonly batch: number;
  readonly batches: number;
  /** Its rows by their places among the training rows. */
  readonly rows: Int32Array;
  /** See ExplainedStep. */
  readonly remembers: boolean;
  /** What the optimizer counts; where it does not remember, only the place among steps that make an update together. */
  readonly stepsDone: number;
  readonly program: ExplainProgram;
  /** A copy of `count` values from `from` on: of what `program` stored, or of the state after the step. */
  read(buffer: string, from?: number, count?: number): Promise<Float32Array>;
  destroy(): void;
}

/** The step after `moment` with any batch of its epoch. The caller keeps the backend until `destroy`. */
export async function workStep(
  backend: Backend,
  prepared: PreparedTraining,
  wanted: { readonly moment: StepMoment; readonly batch: number },
): Promise<WorkedStep> {
  const { model } = prepared;
  const task = taskOn(backend, prepared.task);
  const { batch } = wanted;
  const scheduled = task.optimizer.schedule?.(wanted.moment.step);
  const moment = { ...wanted.moment, learningRate: scheduled ?? wanted.moment.learningRate };
  const loop = loopOf(batchLoops('train', task.trainingRows, task.batchSize), batch);
  const program = buildExplainProgram(task, loop.rows < task.batchSize);
  const rows = rowsOf(prepared, loop, { epoch: moment.epoch, batch });
  const memory = optimizerPlaces(program.program, model);
  const known = new Set(moment.tensors.map(({ name }) => name));
  const remembers = moment.step === 0 || memory.every(({ name }) => known.has(name));
  const every = prepared.config.training.gradient_accumulation_steps;
  const stepsDone = remembers ? moment.step : moment.step % every;
  const executable = await backend.compile(program.program);
  fill(executable, { prepared, moment, program, rows, stepsDone });
  await run(executable, program);
  return {
    moment,
    batch,
    batches: Math.ceil(task.trainingRows / task.batchSize),
    rows,
    remembers,
    stepsDone,
    program,
    read: async (buffer, from, count) =>
      (await executable.read(buffer, from, count)) as Float32Array,
    destroy: () => executable.destroy(),
  };
}

function loopOf(loops: readonly BatchLoop[], batch: number): BatchLoop {
  const own = loops.find(({ firstBatch, count }) => batch < firstBatch + count);
  return own ?? loops.at(-1)!;
}

/** The rows that training takes for this batch of the epoch. */
function rowsOf(
  { task, config }: PreparedTraining,
  loop: BatchLoop,
  { epoch, batch }: { readonly epoch: number; readonly batch: number },
): Int32Array {
  const first = loop.firstRow + (batch - loop.firstBatch) * loop.rows;
  if (!task.shuffle) return Int32Array.from({ length: loop.rows }, (_, i) => first + i);
  const order = shuffledRows(task.trainingRows, { seed: config.seed.value, epoch });
  return order.slice(first, first + loop.rows);
}

interface Filling {
  readonly prepared: PreparedTraining;
  readonly moment: StepMoment;
  readonly program: ExplainProgram;
  readonly rows: Int32Array;
  readonly stepsDone: number;
}

function fill(executable: Executable, filling: Filling): void {
  const { prepared, moment, program, rows, stepsDone } = filling;
  const declared = new Set(program.program.buffers.map(({ name }) => name));
  const { loop, capacity } = program;
  writeRows(executable, prepared, { rows, at: loop.firstRow });
  writeWhitening(executable, prepared.model.context);
  writeDraws(executable, filling);
  writeTensors(
    executable,
    moment.tensors.filter(({ name }) => declared.has(name)),
  );
  const whole = (name: string, value: number) => {
    if (declared.has(name)) executable.write(name, Int32Array.of(value | 0));
  };
  whole('step', stepsDone);
  whole('seed', prepared.config.seed.value);
  whole('epoch', moment.epoch);
  const rates = declared.has('learning_rates') ? 'learning_rates' : 'learning_rate';
  const count = elementCount(
    program.program.buffers.find(({ name }) => name === rates)?.type.shape ?? [],
  );
  executable.write(rates, new Float32Array(count).fill(moment.learningRate));
  if (declared.has('order'))
    executable.write(
      'order',
      Int32Array.from({ length: capacity }, (_, i) => i),
    );
}

/** The random numbers of augmentation that the rows take in this epoch. */
function writeDraws(executable: Executable, { prepared, moment, program, rows }: Filling): void {
  const { model, config } = prepared;
  const count = drawCount(model.context.augmented?.augmentation ?? []);
  if (count === 0) return;
  const { epoch } = moment;
  const draws = drawNumbers(rows, { seed: config.seed.value, epoch, count });
  executable.write('draws', draws, program.loop.firstRow * count);
}

/** `at`: row of the data buffers where they begin. */
function writeRows(
  executable: Executable,
  { data, model }: PreparedTraining,
  { rows, at }: { readonly rows: Int32Array; readonly at: number },
): void {
  const { x, y, rows: all } = data.train;
  const [width, targets] = [x.length / all, y.length / all];
  rows.forEach((row, i) => {
    executable.write('data/train/x', x.subarray(row * width, (row + 1) * width), (at + i) * width);
    executable.write(
      'data/train/y',
      targetValues(model.context.target, y.subarray(row * targets, (row + 1) * targets)),
      (at + i) * targets,
    );
  });
}

/** Random numbers depend on the count of steps: `after` draws those of the step once more. */
async function run(executable: Executable, { loop }: ExplainProgram): Promise<void> {
  const stepsDone = await executable.read('step');
  await executable.run('look', 0, 1);
  await executable.run('rows', 0, loop.rows);
  await executable.run(loop.name, 0, 1);
  executable.write('step', stepsDone);
  await executable.run('after', 0, 1);
}
