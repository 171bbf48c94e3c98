/** The validation loops of a program run to their end: what the weights on the device are good for. */
import type { Executable } from '../backends/backend.ts';
import type { BatchLoop } from './batchLoops.ts';
import {
  loopColumns,
  readBatches,
  RunningSums,
  type EpochLoss,
  type Statistics,
} from './batchSums.ts';
import type { EpochTask } from './epochTask.ts';

export async function validationPass(
  executable: Executable,
  loops: readonly BatchLoop[],
  { task, epochLoss }: { readonly task: EpochTask; readonly epochLoss: EpochLoss },
): Promise<Statistics> {
  const metrics = task.validationMetrics;
  const sums = new RunningSums(metrics, epochLoss);
  for (const loop of loops) {
    await executable.run(loop.name, 0, loop.count);
    const range = { loop: { columns: loopColumns(loop, metrics) }, from: 0, to: loop.count };
    const [batches] = await readBatches(executable, [range]);
    sums.add(batches!, loop.rows);
  }
  return sums.finish();
}
