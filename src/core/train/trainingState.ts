/** What a training is, apart from its tensors: everything here goes into checkpoints as JSON. */
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { CheckpointState, Position } from '../runs/records.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import { noSums, type BatchSums } from './batchSums.ts';
import type { Callback, CallbackState } from './callbacks/callback.ts';
import type { EpochTask } from './epochTask.ts';
import type { Score } from './verdict.ts';

/** Weights that a callback keeps, and what the validation rows said of them. */
export interface KeptWeights {
  readonly step: number;
  readonly score: Score | null;
  readonly tensors: readonly NamedTensor[];
}

export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** Epochs completed. */
  readonly epoch: number;
  /** Batches of the current epoch done; all of them while validation is still to come. */
  readonly batch: number;
  /** Of the current epoch. */
  readonly sums: BatchSums;
  readonly epochSeconds: number;
  readonly seconds: number;
  readonly learningRate: number;
  readonly callbacks: readonly CallbackState[];
  /** By index of the callback. */
  readonly kept: ReadonlyMap<number, KeptWeights>;
  /** With `use_ema` once the training has come to its end; no checkpoint has them, they follow from what it has. */
  readonly averaged: KeptWeights | null;
  /** Of the last epoch. */
  readonly score: Score | null;
  /** Set when a callback has ended the training. */
  readonly stopReason: string | null;
}

export function initialState(task: EpochTask, callbacks: readonly Callback[]): TrainingState {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    sums: noSums(task.trainMetrics),
    epochSeconds: 0,
    seconds: 0,
    learningRate:
      callbacks.findLast((c) => c.initialLearningRate !== undefined)?.initialLearningRate ??
      task.optimizer.learningRate,
    callbacks: callbacks.map(({ initialState }) => initialState),
    kept: new Map(),
    averaged: null,
    score: null,
    stopReason: null,
  };
}

export function toCheckpointState(
  state: TrainingState,
  seed: TrainConfig['seed'],
): CheckpointState {
  const { epoch, batch, sums, epochSeconds } = state;
  const kept = [...state.kept].map(([callback, { step, score }]) => ({ callback, step, score }));
  return {
    format: 1,
    step: state.step,
    position: {
      epoch,
      batch,
      ...sums,
      metricSums: sums.metricSums.map((sum) => [...sum]),
      seconds: epochSeconds,
    },
    random: { generator: 'threefry-2x32-20', seed: seed.value },
    learningRate: state.learningRate,
    callbacks: [...state.callbacks],
    kept,
    score: state.score,
    seconds: state.seconds,
  };
}

/** The way back; `keptTensors` are those stored under `callbacks/<index>/`. */
export function fromCheckpointState(
  stored: CheckpointState,
  keptTensors: (callback: number) => readonly NamedTensor[],
): TrainingState {
  const { epoch, batch, seconds, ...sums }: Position = stored.position;
  const kept = stored.kept.map(
    ({ callback, ...rest }) => [callback, { ...rest, tensors: keptTensors(callback) }] as const,
  );
  return {
    step: stored.step,
    epoch,
    batch,
    sums,
    epochSeconds: seconds,
    seconds: stored.seconds,
    learningRate: stored.learningRate,
    callbacks: stored.callbacks,
    kept: new Map(kept),
    averaged: null,
    score: stored.score,
    stopReason: null,
  };
}
