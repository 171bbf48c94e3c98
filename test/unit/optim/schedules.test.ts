/** Schedules against numbers worked out by the formulas in the documentation of Keras. */
import { createSchedule } from '../../../src/core/optim/schedules.ts';
import { learningRateSchema } from '../../../src/shared/model/schedules.ts';
import { assertClose } from '../../kit/close.ts';

const first = { initial_learning_rate: 0.1 };
const half = Math.SQRT1_2;

const cases: readonly (readonly [config: object, rates: Readonly<Record<number, number>>])[] = [
  [
    { type: 'ExponentialDecay', ...first, decay_steps: 4, decay_rate: 0.5 },
    { 0: 0.1, 2: 0.1 * half, 4: 0.05, 12: 0.0125 },
  ],
  [
    { type: 'ExponentialDecay', ...first, decay_steps: 4, decay_rate: 0.5, staircase: true },
    { 0: 0.1, 3: 0.1, 4: 0.05, 11: 0.025 },
  ],
  [
    { type: 'InverseTimeDecay', ...first, decay_steps: 1, decay_rate: 0.5 },
    { 0: 0.1, 1: 0.1 / 1.5, 6: 0.025 },
  ],
  [
    { type: 'InverseTimeDecay', ...first, decay_steps: 3, decay_rate: 1, staircase: true },
    { 2: 0.1, 3: 0.05, 8: 0.1 / 3 },
  ],
  [
    { type: 'PolynomialDecay', ...first, decay_steps: 10, end_learning_rate: 0.01, power: 2 },
    { 0: 0.1, 5: 0.0325, 10: 0.01, 99: 0.01 },
  ],
  [
    { type: 'PolynomialDecay', ...first, decay_steps: 10, end_learning_rate: 0, cycle: true },
    { 5: 0.05, 10: 0, 15: 0.025, 20: 0, 25: 0.1 / 6 },
  ],
  [
    { type: 'PiecewiseConstant', boundaries: [2, 5], values: [1, 0.5, 0.1] },
    { 0: 1, 2: 1, 3: 0.5, 5: 0.5, 6: 0.1, 1000: 0.1 },
  ],
  [
    { type: 'CosineDecay', ...first, decay_steps: 8, alpha: 0.2 },
    { 0: 0.1, 2: 0.1 * (0.8 * 0.5 * (1 + half) + 0.2), 4: 0.06, 8: 0.02, 20: 0.02 },
  ],
  [
    { type: 'CosineDecay', ...first, decay_steps: 8, warmup_target: 0.5, warmup_steps: 4 },
    { 0: 0.1, 1: 0.2, 4: 0.5, 8: 0.25, 12: 0 },
  ],
  [
    { type: 'CosineDecayRestarts', ...first, first_decay_steps: 2, m_mul: 0.5 },
    { 0: 0.1, 1: 0.05, 2: 0.05, 4: 0.025, 6: 0.025, 10: 0.0125 },
  ],
  // The lowest rate stays 0.02 while the cosines above it halve.
  [
    { type: 'CosineDecayRestarts', ...first, first_decay_steps: 2, m_mul: 0.5, alpha: 0.2 },
    { 0: 0.1, 1: 0.06, 2: 0.06, 4: 0.04, 6: 0.04, 10: 0.03 },
  ],
  [
    { type: 'CosineDecayRestarts', ...first, first_decay_steps: 4, t_mul: 1 },
    { 0: 0.1, 2: 0.05, 4: 0.1, 6: 0.05, 8: 0.1 },
  ],
];

describe('learning-rate schedules', () => {
  for (const [config, rates] of cases) {
    it(JSON.stringify(config), () => {
      const schedule = createSchedule(learningRateSchema().parse(config))!;
      const steps = Object.keys(rates).map(Number);
      assertClose(steps.map(schedule), Object.values(rates), { relative: 1e-12 });
    });
  }
});
