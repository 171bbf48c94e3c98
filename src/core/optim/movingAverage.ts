/**
 * Moving averages of the weights as in Keras (`use_ema`), in `optimizer/<parameter>/average`:
 * average = momentum average + (1 - momentum) p, from the first update's weights on.
 */
import { usualMomentum, type OptimizerConfig } from '../../shared/model/optimizers.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node, Store } from '../ir/program.ts';
import type { ParameterUpdate } from './types.ts';
import { isMultiple } from './updateNumber.ts';

export const averageSlot = 'average';

interface Averaging {
  readonly config: OptimizerConfig;
  readonly updates: readonly ParameterUpdate[];
  /** i32[]: number of the update that the step belongs to, from 1. */
  readonly update: Node;
}

/**
 * Adds the averages to the stores of a step. Every `ema_overwrite_frequency` updates they take the place of the
 * weights. As in Keras each step counts, also one that only gathers gradients.
 */
export function averageWeights(
  b: Builder,
  stores: readonly Store[],
  { config, updates, update }: Averaging,
): readonly Store[] {
  if (!config.use_ema) return stores;
  const { ema_momentum = usualMomentum, ema_overwrite_frequency: often } = config;
  const isFirst = b.compare('eq', update, 1);
  const momentum = b.select(isFirst, 0, b.constant(ema_momentum));
  const averaged = new Map<string, Node>();
  const averages = updates.map(({ buffer }) => {
    const name = `optimizer/${buffer.name}/${averageSlot}`;
    const average = b.buffer(name, 'state', 'f32', buffer.type.shape);
    const updated = stores.find((store) => store.buffer.name === buffer.name)!.value;
    const kept = b.mul(b.load(average), momentum);
    const value = b.add(kept, b.mul(updated, b.sub(1, momentum)));
    averaged.set(buffer.name, value);
    return b.assign(average, value);
  });
  if (often === undefined) return [...stores, ...averages];
  const overwrites = isMultiple(b, update, often);
  const weights = stores.map(({ buffer, value }) => {
    const average = averaged.get(buffer.name);
    return b.assign(buffer, average === undefined ? value : b.select(overwrites, average, value));
  });
  return [...weights, ...averages];
}
