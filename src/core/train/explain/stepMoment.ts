/** All that the next step of a training depends on, besides config and data. */
import type { NamedTensor } from '../../runs/safetensors.ts';
import type { TrainingState } from '../trainingState.ts';

export interface StepMoment {
  /** Steps done. */
  readonly step: number;
  /** Epoch and batch that the next step belongs to, both from 0. */
  readonly epoch: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Of the model, and of the optimizer as far as it is kept: `fc1/kernel`, `optimizer/fc1/kernel/m`. */
  readonly tensors: readonly NamedTensor[];
}

/** A training whose epoch has only its validation left goes on with the epoch after it. */
export function momentOf(
  { step, epoch, batch, learningRate }: TrainingState,
  tensors: readonly NamedTensor[],
  batches: number,
): StepMoment {
  const ended = batch >= batches;
  return {
    step,
    epoch: ended ? epoch + 1 : epoch,
    batch: ended ? 0 : batch,
    learningRate,
    tensors,
  };
}
