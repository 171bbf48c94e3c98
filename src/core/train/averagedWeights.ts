/** What Keras does with `use_ema` when training ends: the moving averages take the place of the weights. */
import type { Executable } from '../backends/backend.ts';
import { averageSlot } from '../optim/movingAverage.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import type { EpochLoss } from './batchSums.ts';
import type { EpochProgram } from './epochProgram.ts';
import type { EpochTask } from './epochTask.ts';
import type { KeptWeights } from './trainingState.ts';
import { validationPass } from './validationPass.ts';
import { scoreOf, type Score } from './verdict.ts';
import { readTensors, writeTensors } from './weights.ts';

interface Averaged {
  readonly executable: Executable;
  readonly task: EpochTask;
  readonly program: EpochProgram;
  readonly epochLoss: EpochLoss;
}

/** With what the validation rows say of them; on the device all is left as it was. */
export async function averagedWeights(
  training: Averaged,
  { step, epoch }: { readonly step: number; readonly epoch: number },
): Promise<KeptWeights> {
  const { executable, task } = training;
  const own = await readTensors(executable, task.model.tensors);
  const tensors: NamedTensor[] = [];
  for (const [i, { name, trainable }] of task.model.tensors.entries()) {
    const tensor = own[i]!;
    const average = trainable ? await readAverage(executable, name) : tensor.values;
    tensors.push({ ...tensor, values: average });
  }
  writeTensors(executable, tensors);
  const score = await scoreNow(training, epoch);
  writeTensors(executable, own);
  return { step, score, tensors };
}

async function readAverage(executable: Executable, name: string): Promise<NamedTensor['values']> {
  return executable.read(`optimizer/${name}/${averageSlot}`);
}

async function scoreNow(
  { executable, task, program, epochLoss }: Averaged,
  epoch: number,
): Promise<Score | null> {
  const rows = task.validationRows;
  if (rows === 0) return null;
  const { metrics } = await validationPass(executable, program.validation, { task, epochLoss });
  return scoreOf(task.model.context.target, { epoch, rows, value: metrics.at(-1)! });
}
