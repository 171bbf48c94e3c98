/**
 * Loss scaling by the rule of Keras's LossScaleOptimizer: gradients of the loss times a scale stay clear of float16's
 * smallest numbers. After `growthSteps` steps in a row with finite gradients the scale doubles; where one is not finite,
 * the step changes no weight and none of the optimizer's state, and the scale halves.
 */
import type { Builder } from '../ir/builder.ts';
import type { BufferDecl, Node, Store } from '../ir/program.ts';
import type { Optimizer, ParameterUpdate } from './types.ts';

/** Keras's defaults. */
export const initialScale = 2 ** 15;
export const growthSteps = 2000;

/** As a slot name of the optimizer's, so that checkpoints have them; all begin at 0. */
const slots = ['scale', 'good_steps', 'skipped'] as const;

type Slots = Readonly<Record<(typeof slots)[number], BufferDecl>>;

/**
 * The optimizer that takes gradients of the scaled loss. Steps it skips do not count for the rule of `inner` (Adam's
 * bias correction), as in Keras.
 */
export function scaledOptimizer(inner: Optimizer): Optimizer {
  return {
    ...inner,
    lossScale,
    build(b, slopes, { learningRate, step }) {
      const state = slotsOf(b);
      const unscaled = unscale(b, slopes);
      const finite = allFinite(b, slopes);
      const skipped = b.load(state.skipped);
      const applied = b.sub(step, b.convert(skipped, 'i32'));
      const { updates, stores } = inner.build(b, unscaled, { learningRate, step: applied });
      const kept = stores.map(({ buffer, value }) =>
        b.assign(buffer, b.select(finite, value, b.load(buffer))),
      );
      return { updates, stores: [...kept, ...nextScale(b, state, finite)] };
    },
  };
}

/** f32[]: what the loss is multiplied by. */
export function lossScale(b: Builder): Node {
  const scale = b.load(slotsOf(b).scale);
  return b.select(b.compare('eq', scale, 0), initialScale, scale); // buffers begin at 0
}

function slotsOf(b: Builder): Slots {
  const declared = slots.map((slot) => [
    slot,
    b.buffer(`optimizer/loss_scale/${slot}`, 'state', 'f32', []),
  ]);
  return Object.fromEntries(declared) as Slots;
}

/** A division by a power of two loses nothing. */
function unscale(b: Builder, slopes: readonly ParameterUpdate[]): ParameterUpdate[] {
  const factor = b.div(1, lossScale(b));
  return slopes.map(({ buffer, gradient }) => ({ buffer, gradient: b.mul(gradient, factor) }));
}

/** bool[]: whether no gradient has a number that is infinite or NaN. */
function allFinite(b: Builder, slopes: readonly ParameterUpdate[]): Node {
  const bad = slopes.map(({ gradient }) => {
    const finite = b.compare('lt', b.unary('abs', gradient), Infinity);
    return b.reduce('sum', b.select(finite, b.constant(0, gradient.type.shape), 1));
  });
  const total = bad.reduce((sum, count) => b.add(sum, count), b.constant(0));
  return b.compare('eq', total, 0);
}

function nextScale(b: Builder, { scale, good_steps, skipped }: Slots, finite: Node): Store[] {
  const now = lossScale(b);
  const steps = b.add(b.load(good_steps), 1);
  const due = b.compare('ge', steps, growthSteps);
  const grown = b.select(due, b.mul(now, 2), now);
  return [
    b.assign(scale, b.select(finite, grown, b.mul(now, 0.5))),
    b.assign(good_steps, b.select(finite, b.select(due, 0, steps), 0)),
    b.assign(skipped, b.select(finite, b.load(skipped), b.add(b.load(skipped), 1))),
  ];
}
