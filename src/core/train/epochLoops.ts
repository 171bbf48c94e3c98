/** The loops of an epoch, in its order: those of the training, then those of the validation. */
import type { Executable } from '../backends/backend.ts';
import type { BatchLoop } from './batchLoops.ts';
import { columnMemory, loopColumns, type DirectLoop } from './batchSums.ts';
import type { EpochProgram } from './epochProgram.ts';
import type { EpochTask } from './epochTask.ts';
import type { Range } from './slices.ts';

/** A loop and how its results are read. */
export interface EpochLoop extends BatchLoop, DirectLoop {
  readonly split: 'train' | 'validation';
  /** Batches of the epoch before it. */
  readonly begins: number;
  /** Place for the values of each batch, one array for each metric of the training. */
  readonly values: readonly Float32Array[];
}

export function stepsOf({ train }: EpochProgram): number {
  return train.reduce((sum, { count }) => sum + count, 0);
}

export function epochLoops({
  task,
  program,
  executable,
}: {
  readonly task: EpochTask;
  readonly program: EpochProgram;
  readonly executable: Executable;
}): EpochLoop[] {
  const steps = stepsOf(program);
  const epochLoop = (loop: BatchLoop, split: EpochLoop['split']): EpochLoop => {
    const isTraining = split === 'train';
    const columns = loopColumns(loop, isTraining ? task.trainMetrics : task.validationMetrics);
    return {
      ...loop,
      split,
      begins: loop.firstBatch + (isTraining ? 0 : steps),
      columns,
      memory: columnMemory(executable.direct, columns),
      values: isTraining ? task.trainMetrics.map(() => new Float32Array(loop.count)) : [],
    };
  };
  return [
    ...program.train.map((loop) => epochLoop(loop, 'train')),
    ...program.validation.map((loop) => epochLoop(loop, 'validation')),
  ];
}

/** What an epoch of which so many batches are done still has to do, with at most so many steps. */
export function remainingRanges(
  loops: readonly EpochLoop[],
  { done, steps }: { readonly done: number; readonly steps: number },
): Range<EpochLoop>[] {
  const ranges: Range<EpochLoop>[] = [];
  let left = steps;
  for (const loop of loops) {
    const from = Math.max(0, done - loop.begins);
    if (from >= loop.count) continue;
    if (loop.split === 'validation') {
      ranges.push({ loop, from, to: loop.count });
      continue;
    }
    const to = Math.min(loop.count, from + left);
    ranges.push({ loop, from, to });
    left -= to - from;
    if (to < loop.count) break;
  }
  return ranges;
}
