/** Learning rates as functions of the steps done, computed on the host in float64; formulas of keras.optimizers.schedules. */
import type { LearningRateConfig, ScheduleConfig } from '../../shared/model/schedules.ts';

/** From the number of updates done before a step to its learning rate. */
export type Schedule = (step: number) => number;

/** Null for a plain number, which callbacks may change. */
export function createSchedule(config: LearningRateConfig): Schedule | null {
  return typeof config === 'number' ? null : scheduleOf(config);
}

/** [count] Of the steps from `first` on, counted from 0. */
export function ratesOf(schedule: Schedule, first: number, count: number): Float32Array {
  const rates = new Float32Array(count);
  for (let i = 0; i < count; i++) rates[i] = schedule(first + i);
  return rates;
}

function scheduleOf(config: ScheduleConfig): Schedule {
  switch (config.type) {
    case 'ExponentialDecay':
      return (step) => config.initial_learning_rate * config.decay_rate ** decays(config, step);
    case 'InverseTimeDecay':
      return (step) =>
        config.initial_learning_rate / (1 + config.decay_rate * decays(config, step));
    case 'PolynomialDecay':
      return (step) => polynomial(config, step);
    case 'PiecewiseConstantDecay':
      return (step) => {
        const place = config.boundaries.findIndex((boundary) => step <= boundary);
        return config.values.at(place)!;
      };
    case 'CosineDecay':
      return (step) => cosineWithWarmUp(config, step);
    case 'CosineDecayRestarts':
      return (step) => restarts(config, step);
  }
}

type Config<Type extends ScheduleConfig['type']> = Extract<ScheduleConfig, { type: Type }>;

function decays(
  { decay_steps, staircase }: Config<'ExponentialDecay' | 'InverseTimeDecay'>,
  step: number,
): number {
  return staircase ? Math.floor(step / decay_steps) : step / decay_steps;
}

function polynomial(config: Config<'PolynomialDecay'>, step: number): number {
  const { initial_learning_rate: first, end_learning_rate: last, power, cycle } = config;
  const rounds = cycle ? Math.max(1, Math.ceil(step / config.decay_steps)) : 1;
  const steps = config.decay_steps * rounds;
  const left = 1 - Math.min(step, steps) / steps;
  return (first - last) * left ** power + last;
}

function cosineWithWarmUp(config: Config<'CosineDecay'>, step: number): number {
  const { initial_learning_rate: first, warmup_target: target, warmup_steps: warmUp } = config;
  if (target === null) return cosine(first, config, step / config.decay_steps);
  if (step < warmUp) return first + ((target - first) * step) / warmUp;
  return cosine(target, config, (step - warmUp) / config.decay_steps);
}

/** `done`: share of the way down, 1 at its end. */
function cosine(first: number, { alpha }: { readonly alpha: number }, done: number): number {
  const height = 0.5 * (1 + Math.cos(Math.PI * Math.min(done, 1)));
  return first * ((1 - alpha) * height + alpha);
}

function restarts(config: Config<'CosineDecayRestarts'>, step: number): number {
  const { initial_learning_rate: first, first_decay_steps, t_mul, m_mul } = config;
  let length = first_decay_steps;
  let height = first;
  let left = step;
  // Cosines that shrink to nothing would take for ever; the last of them is all that is left then.
  while (left >= length && length > Number.EPSILON * step) {
    left -= length;
    length *= t_mul;
    height *= m_mul;
  }
  // The lowest rate is a share of the first: later cosines are less high above it.
  const bottom = first * config.alpha;
  return cosine(height, { alpha: 0 }, left / length) * (1 - config.alpha) + bottom;
}
