/**
 * Gradient accumulation as in Keras: the gradients of `every` steps are added up in `optimizer/<parameter>/accumulator`,
 * and the last of these steps makes one update with their mean. It goes on from epoch to epoch.
 */
import type { Builder } from '../ir/builder.ts';
import type { Node, Store } from '../ir/program.ts';
import type { ParameterUpdate, StepScalars } from './types.ts';
import { isMultiple } from './updateNumber.ts';

export const accumulatorSlot = 'accumulator';

export interface GatheredGradients {
  /** With the mean gradient, of which a step in between makes nothing. */
  readonly means: readonly ParameterUpdate[];
  /** What a step stores: what the rule gave where an update is due, and the gathered gradients. */
  readonly whenDue: (stores: readonly Store[]) => readonly Store[];
}

export function gatherGradients(
  b: Builder,
  slopes: readonly ParameterUpdate[],
  { every, step }: Pick<StepScalars, 'step'> & { readonly every: number },
): GatheredGradients {
  if (every === 1) return { means: slopes, whenDue: (stores) => stores };
  const isDue = isMultiple(b, step, every);
  const gathered = slopes.map(({ buffer, gradient }) => {
    const name = `optimizer/${buffer.name}/${accumulatorSlot}`;
    const accumulator = b.buffer(name, 'state', 'f32', buffer.type.shape);
    return { accumulator, sum: b.add(gradient, b.load(accumulator)) };
  });
  const either = (due: Node | number, otherwise: Node) => b.select(isDue, due, otherwise);
  return {
    means: slopes.map(({ buffer }, i) => ({ buffer, gradient: b.div(gathered[i]!.sum, every) })),
    whenDue: (stores) => [
      ...stores.map(({ buffer, value }) => b.assign(buffer, either(value, b.load(buffer)))),
      ...gathered.map(({ accumulator, sum }) => b.assign(accumulator, either(0, sum))),
    ],
  };
}
