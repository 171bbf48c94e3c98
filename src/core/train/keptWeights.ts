/** The weights that callbacks keep, and the checkpoints made of a training's tensors. */
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { addPrefix, type Checkpoint } from '../runs/checkpoints.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import type { Callback } from './callbacks/callback.ts';
import { toCheckpointState, type KeptWeights, type TrainingState } from './trainingState.ts';

export interface KeptBy extends KeptWeights {
  /** Index of the callback. */
  readonly callback: number;
}

/** The first callback's that keeps weights for this purpose and has some. */
export function keptFor(
  purpose: Callback['keeps'],
  callbacks: readonly Callback[],
  { kept }: TrainingState,
): KeptBy | null {
  const found = [...kept].find(([callback]) => callbacks[callback]?.keeps === purpose);
  return found === undefined ? null : { callback: found[0], ...found[1] };
}

/**
 * What predict will use instead of the last weights: ModelCheckpoint's, else, when the training has
 * come to its own end, those it ends with.
 */
export function chosenWeights(
  callbacks: readonly Callback[],
  state: TrainingState,
  ended: boolean,
): KeptWeights | null {
  const best = keptFor('best', callbacks, state);
  return best ?? (ended ? endWeights(callbacks, state) : null);
}

/** What takes the place of the weights at the end, in the order of Keras: EarlyStopping's, else averages. */
export function endWeights(
  callbacks: readonly Callback[],
  state: TrainingState,
): KeptWeights | null {
  return keptFor('restore', callbacks, state) ?? state.averaged;
}

export interface DeviceTensors {
  readonly model: readonly NamedTensor[];
  readonly optimizer: readonly NamedTensor[];
}

/** All that resuming needs. */
export function lastCheckpoint(
  state: TrainingState,
  { model, optimizer }: DeviceTensors,
  {
    callbacks,
    seed,
  }: { readonly callbacks: readonly Callback[]; readonly seed: TrainConfig['seed'] },
): Checkpoint {
  const restorable = [...state.kept].filter(([index]) => callbacks[index]?.keeps === 'restore');
  return {
    kind: 'last',
    state: toCheckpointState(state, seed),
    tensors: [
      ...addPrefix(model, 'model/'),
      ...optimizer,
      ...restorable.flatMap(([index, { tensors }]) => addPrefix(tensors, `callbacks/${index}/`)),
    ],
  };
}

export function bestCheckpoint(
  kept: KeptWeights,
  state: TrainingState,
  seed: TrainConfig['seed'],
): Checkpoint {
  return {
    kind: 'best',
    state: { ...toCheckpointState(state, seed), step: kept.step, score: kept.score },
    tensors: addPrefix(kept.tensors, 'model/'),
  };
}
