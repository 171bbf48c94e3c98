/** Whether a training fits into the memory of its device, told before anything of it is there. */
import { AppError } from '../../shared/errors.ts';
import { say, sayNumber } from '../../shared/language.ts';
import type { Backend, MemoryEstimate } from '../backends/backend.ts';
import type { Program } from '../ir/program.ts';
import { buildEpochProgram } from './epochProgram.ts';
import type { EpochTask } from './epochTask.ts';

/** @throws AppError `device.outOfMemory` with the largest batch that fits. */
export async function checkMemory(
  backend: Backend,
  task: EpochTask,
  program: Program,
): Promise<void> {
  const estimate = await backend.estimate?.(program);
  if (estimate === undefined || fits(estimate)) return;
  const needed = gigabytes(estimate.needed);
  const available = gigabytes(estimate.available);
  const batch = await largestFitting(task.batchSize, async (batchSize) =>
    fits(await backend.estimate!(buildEpochProgram({ ...task, batchSize }).program)),
  );
  const { deviceName } = backend;
  const message =
    batch === 0
      ? say`This training needs ${needed} GB, and ${deviceName} lets it have ${available} GB: not even a batch_size of 1 fits, so use device "cpu".`
      : say`This training needs ${needed} GB, and ${deviceName} lets it have ${available} GB: batch_size ${batch} fits.`;
  throw new AppError('device.outOfMemory', message);
}

function fits({ needed, available }: MemoryEstimate): boolean {
  return needed <= available;
}

/** Below `size`, which does not; 0 where none does. */
export async function largestFitting(
  size: number,
  isFitting: (batchSize: number) => boolean | Promise<boolean>,
): Promise<number> {
  let [fitting, tooLarge] = [0, size];
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2);
    if (await isFitting(middle)) fitting = middle;
    else tooLarge = middle;
  }
  return fitting;
}

function gigabytes(bytes: number): string {
  return sayNumber(bytes / 1e9, 2);
}
