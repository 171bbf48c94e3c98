/** The moments of a run on disk that a step can be explained from. */
import { loadCheckpoint, readEpochs, type RunFiles } from '../../runs/openRun.ts';
import { readSnapshotTensors } from '../../runs/storedTensor.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import { resumePoint } from '../storedRun.ts';
import { initialTensors } from '../weights.ts';
import { momentOf, type StepMoment } from './stepMoment.ts';

/**
 * After so many steps; null for where the run would go on. A snapshot has weights only.
 * @throws AppError `run.notFound` where nothing is kept of that step, `run.corrupt` for a damaged file.
 */
export async function storedMoment(
  { directory, record }: RunFiles,
  prepared: PreparedTraining,
  step: number | null,
): Promise<StepMoment> {
  const { stepsPerEpoch } = record;
  const last = await loadCheckpoint(directory, 'last');
  if (step === null || step === (last?.state.step ?? 0)) {
    const { start, tensors } = await resumePoint(directory, prepared);
    return momentOf(start, tensors, stepsPerEpoch);
  }
  const epoch = Math.floor(step / stepsPerEpoch);
  const recorded = await recordedLearningRate(directory, epoch);
  const learningRate = recorded ?? last?.state.learningRate ?? prepared.task.optimizer.learningRate;
  const tensors =
    step === 0
      ? initialTensors(prepared.model, prepared.config.seed, prepared.data)
      : await readSnapshotTensors(directory, step, namesOf(prepared));
  return { step, epoch, batch: step % stepsPerEpoch, learningRate, tensors };
}

/** Of an epoch, from 0; null where it has not ended. */
export async function recordedLearningRate(
  directory: string,
  epoch: number,
): Promise<number | null> {
  return (await readEpochs(directory))[epoch]?.learning_rate ?? null;
}

function namesOf({ model }: PreparedTraining): string[] {
  return model.tensors.map(({ name }) => name);
}
