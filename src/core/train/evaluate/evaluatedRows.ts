/** What a model answers for rows, and the loss of each, in slices between which the process answers. */
import { say } from '../../../shared/language.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Backend, Executable } from '../../backends/backend.ts';
import type { SplitData } from '../../data/preparedData.ts';
import type { NamedTensor } from '../../runs/safetensors.ts';
import type { BatchLoop } from '../batchLoops.ts';
import { loopColumns, readBatches, RunningSums } from '../batchSums.ts';
import type { EpochLoss, Statistics } from '../batchSums.ts';
import { buildEvaluationProgram } from '../epochProgram.ts';
import type { EpochTask } from '../epochTask.ts';
import { SliceClock } from '../slices.ts';
import { targetValues } from '../targets.ts';
import type { RunEnvironment } from '../trainingRun.ts';
import { writeTensors, writeWhitening } from '../weights.ts';

export interface EvaluatedRows {
  readonly statistics: Statistics;
  /** [rows] */
  readonly losses: Float32Array;
  /** [rows, ...outputShape] */
  readonly outputs: Float32Array;
}

export interface EvaluationInput extends Pick<RunEnvironment, 'onProgress' | 'signal'> {
  /** Names the work in progress. */
  readonly directory: string;
  readonly task: EpochTask;
  readonly data: SplitData;
  readonly weights: readonly NamedTensor[];
  readonly epochLoss: EpochLoss;
}

/** @throws the abort reason when cancelled. */
export async function evaluateRows(
  backend: Backend,
  input: EvaluationInput,
): Promise<EvaluatedRows> {
  const { task, data, weights, epochLoss } = input;
  const { program, validation } = buildEvaluationProgram(task);
  const executable = await backend.compile(program);
  writeTensors(executable, weights);
  writeWhitening(executable, task.model.context);
  executable.write('data/validation/x', data.x);
  executable.write('data/validation/y', targetValues(task.model.context.target, data.y));
  const width = elementCount(task.model.outputShape);
  const losses = new Float32Array(data.rows);
  const outputs = new Float32Array(data.rows * width);
  const sums = new RunningSums(task.validationMetrics, epochLoss);
  const loops = validation.map((loop) => ({
    ...loop,
    columns: loopColumns(loop, task.validationMetrics),
  }));
  const clock = new SliceClock();
  for (const loop of loops) {
    for (let at = 0; at < loop.count;) {
      input.signal?.throwIfAborted();
      const ranges = clock.next([{ loop, from: at, to: loop.count }]);
      const begun = performance.now();
      const { to } = ranges[0]!;
      await executable.run(loop.name, at, to);
      const [batches] = await readBatches(executable, ranges);
      sums.add(batches!, loop.rows);
      const first = loop.firstRow + at * loop.rows;
      losses.set(await columnOf(executable, loop, { name: 'rowLoss', from: at, to }), first);
      const answers = await columnOf(executable, loop, { name: 'output', from: at, to, width });
      outputs.set(answers, first * width);
      clock.measured(ranges, performance.now() - begun);
      at = to;
      tell(input, loop.firstRow + at * loop.rows);
      await clock.yield();
    }
  }
  return { statistics: sums.finish(), losses, outputs };
}

interface ColumnRange {
  readonly name: 'output' | 'rowLoss';
  readonly from: number;
  readonly to: number;
  /** Of one row; 1 by default. */
  readonly width?: number;
}

async function columnOf(
  executable: Executable,
  loop: BatchLoop,
  { name, from, to, width = 1 }: ColumnRange,
): Promise<Float32Array> {
  const size = loop.rows * width;
  const values = await executable.read(`${loop.name}/${name}`, from * size, (to - from) * size);
  return values as Float32Array;
}

function tell({ directory, data, onProgress }: EvaluationInput, done: number): void {
  onProgress?.({ file: directory, message: say('evaluating'), fraction: done / data.rows });
}
