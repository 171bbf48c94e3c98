/** The weights that an evaluation is about. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { EvaluatedWeights, WeightsChoice } from '../../../shared/protocol/evaluation.ts';
import { bestCheckpoint, modelTensors } from '../../runs/export/exportRun.ts';
import { loadCheckpoint, type OpenedRun } from '../../runs/openRun.ts';
import type { NamedTensor } from '../../runs/safetensors.ts';
import { readSnapshotTensors, snapshotHistory } from '../../runs/storedTensor.ts';
import { createCallback } from '../callbacks/createCallback.ts';
import type { StoredModel } from '../storedRun.ts';

export interface ChosenWeights extends EvaluatedWeights {
  readonly tensors: readonly NamedTensor[];
}

/** @throws AppError `run.notFound` where the run does not keep them. */
export async function chosenWeights(
  { directory, record }: OpenedRun,
  { config, model }: StoredModel,
  choice: WeightsChoice,
): Promise<ChosenWeights> {
  const perEpoch = Math.max(1, record.stepsPerEpoch);
  const snapshots = await snapshotHistory(directory, perEpoch);
  const epochs = snapshots.map(({ epoch }) => epoch);
  if (typeof choice !== 'string') {
    const snapshot = snapshots.find(({ epoch }) => epoch === choice.epoch);
    if (snapshot === undefined) throw noSuchEpoch(choice.epoch, epochs);
    const names = model.tensors.map(({ name }) => name);
    const tensors = await readSnapshotTensors(directory, snapshot.step, names);
    return { choice, ...snapshot, averaged: false, epochs, tensors };
  }
  const last = choice === 'last' ? await loadCheckpoint(directory, 'last') : null;
  const checkpoint = last ?? (await bestCheckpoint(directory));
  const { step } = checkpoint.state;
  const keeps = config.callbacks.some((callback) => createCallback(callback).keeps !== 'nothing');
  const averaged =
    checkpoint.kind === 'best' && !keeps && config.training.optimizer.use_ema === true;
  const tensors = modelTensors(checkpoint);
  return { choice, step, epoch: step / perEpoch, averaged, epochs, tensors };
}

function noSuchEpoch(epoch: number, kept: readonly number[]): AppError {
  const shown = kept.length > 8 ? [...kept.slice(0, 6), '…', kept.at(-1)] : kept;
  const message = say`the run keeps no weights of epoch ${epoch}; it keeps those of ${shown.join(', ')}`;
  return new AppError('run.notFound', message);
}
