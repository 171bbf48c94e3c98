/**
 * A callback decides between epochs. It is a pure function from its state and the epoch's record to a new
 * state and effects; the state is plain data and goes into checkpoints, so a resumed run decides alike.
 */
import type { EpochRecord } from '../../../shared/protocol/core.ts';

export type CallbackState = Readonly<Record<string, number | null>>;

export type Effect =
  /** Keep a copy of the present weights for this callback. */
  | { readonly kind: 'keepWeights' }
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'learningRate'; readonly value: number };

export interface Decision {
  readonly state: CallbackState;
  readonly effects: readonly Effect[];
}

export interface Callback {
  /** What becomes of the weights it keeps: the run's best checkpoint, or restored when training ends. */
  readonly keeps: 'nothing' | 'best' | 'restore';
  readonly initialState: CallbackState;
  /** In place of the optimizer's. */
  readonly initialLearningRate?: number;
  onEpochEnd(state: CallbackState, record: EpochRecord): Decision;
}

/** The value a callback watches: `loss`, `val_loss` or a metric of the record. */
export function monitored(record: EpochRecord, name: string): number | undefined {
  if (name === 'loss') return record.loss;
  return name === 'val_loss' ? record.val_loss : record.metrics[name];
}

export type Mode = 'auto' | 'min' | 'max';

const moreIsBetter = /accuracy|correct|precision|recall|f1|r2/;

/** As in Keras: whether `value` beats `best` by more than `delta`; anything beats nothing, NaN beats nothing. */
export function improves(
  watch: { readonly monitor: string; readonly mode: Mode },
  value: number,
  best: number | null,
  delta = 0,
): boolean {
  if (Number.isNaN(value)) return false;
  if (best === null) return true;
  const max = watch.mode === 'max' || (watch.mode === 'auto' && moreIsBetter.test(watch.monitor));
  return max ? value - delta > best : value + delta < best;
}
