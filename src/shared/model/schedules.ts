/** Learning rates that follow the count of steps, with the names and defaults of Keras. */
import * as z from 'zod';
import {
  isRecord,
  kind,
  naturalNumber,
  nonNegativeNumber,
  positiveInteger,
  positiveNumber,
  type DeepReadonly,
  type SchemaNotes,
} from './schemaKit.ts';

const initial = {
  initial_learning_rate: nonNegativeNumber().describe('The rate at the first step.'),
};
const decaySteps = {
  decay_steps: positiveNumber().describe('Steps over which it decays once.'),
};
const decay = {
  ...initial,
  ...decaySteps,
  decay_rate: nonNegativeNumber().describe('How much it decays over these steps.'),
  staircase: z.boolean().default(false).describe('Change after whole `decay_steps` only.'),
};
const alpha = {
  alpha: nonNegativeNumber().default(0).describe('The lowest rate, as a share of the first.'),
};

function schedules() {
  return [
    kind('ExponentialDecay', 'initial_learning_rate * decay_rate ^ (step / decay_steps).', decay),
    kind(
      'InverseTimeDecay',
      'initial_learning_rate / (1 + decay_rate * step / decay_steps).',
      decay,
    ),
    kind('PolynomialDecay', 'From the first rate to the last along a power of the steps left.', {
      ...initial,
      ...decaySteps,
      end_learning_rate: nonNegativeNumber().default(0.0001).describe('The last rate.'),
      power: positiveNumber().default(1).describe('Of the share of steps that is left.'),
      cycle: z
        .boolean()
        .default(false)
        .describe('Begin again from above whenever the last rate is reached.'),
    }),
    kind(
      'PiecewiseConstantDecay',
      'One rate after the other.',
      {
        boundaries: z
          .array(naturalNumber())
          .min(1)
          .describe('The last step of each rate but the last one, rising.'),
        values: z
          .array(nonNegativeNumber())
          .min(2)
          .describe('The rates, one more than there are boundaries.'),
      },
      ['PiecewiseConstant'],
    ),
    kind('CosineDecay', 'Half a cosine down, after a straight line up if there is a warm-up.', {
      ...initial,
      ...decaySteps,
      ...alpha,
      warmup_target: nonNegativeNumber()
        .nullable()
        .default(null)
        .describe('The rate to which the warm-up leads; without it there is none.'),
      warmup_steps: naturalNumber().default(0).describe('Steps of the warm-up.'),
    }),
    kind('CosineDecayRestarts', 'Half a cosine down, again and again.', {
      ...initial,
      first_decay_steps: positiveInteger().describe('Steps until the first restart.'),
      t_mul: positiveNumber().default(2).describe('Times as many steps for each next cosine.'),
      m_mul: nonNegativeNumber().default(1).describe('Times as high is each next cosine.'),
      ...alpha,
    }),
  ] as const;
}

/** A number stays one. */
export function learningRateSchema() {
  const constant = kind('constant', 'Always the same.', { value: nonNegativeNumber() });
  const expand = (value: unknown): unknown => {
    // A word is the name of a schedule; `0,01` is meant to be a number.
    if (typeof value === 'string' && /^[A-Z]/.test(value)) return { type: value };
    if (!isRecord(value)) return { type: 'constant', value };
    return value['type'] === 'PiecewiseConstant'
      ? { ...value, type: 'PiecewiseConstantDecay' }
      : value;
  };
  return z
    .preprocess(expand, z.discriminatedUnion('type', [constant, ...schedules()]))
    .meta({ shortForm: 'value' } satisfies SchemaNotes)
    .transform((rate) => (rate.type === 'constant' ? rate.value : rate));
}

export type LearningRateConfig = DeepReadonly<z.infer<ReturnType<typeof learningRateSchema>>>;
export type ScheduleConfig = Exclude<LearningRateConfig, number>;
