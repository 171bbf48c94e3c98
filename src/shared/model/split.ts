/** How rows are shared out between training, validation and test. */
import * as z from 'zod';
import { naturalNumber, type DeepReadonly } from './schemaKit.ts';

const share = () => z.number().min(0).max(1).optional();

export function splitSchema() {
  return z
    .strictObject({
      train: share().describe('Share of the rows; by default what the others leave, else 0.8.'),
      validation: share().describe('Share of the rows; by default what the others leave.'),
      test: share().describe('Share of the rows kept for `evaluate`; by default 0.'),
      seed: naturalNumber()
        .nullable()
        .default(null)
        .describe('Of the shuffle before the split; by default the seed of the run.'),
      stratify: z
        .union([z.boolean(), z.string().min(1)])
        .default(false)
        .describe('Keep the shares of the classes, or of the values of a column, in each part.'),
      by: z
        .string()
        .min(1)
        .nullable()
        .default(null)
        .describe('A column that says `train`, `validation` or `test` for each row.'),
      compat: z
        .enum(['sklearn'])
        .nullable()
        .default(null)
        .describe('Pick the same rows as `train_test_split(random_state=seed)` of scikit-learn.'),
    })
    .transform((split) => ({ ...split, ...(split.by === null ? shares(split) : noShares) }));
}

interface Shares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** Where a column decides. */
const noShares: Shares = { train: 0, validation: 0, test: 0 };

/** Fills in the shares left out. */
function shares(given: {
  train?: number | undefined;
  validation?: number | undefined;
  test?: number | undefined;
}): Shares {
  const test = given.test ?? 0;
  const left = (others: number) => Math.max(0, roundOff(1 - others));
  if (given.train === undefined && given.validation === undefined) {
    const train = Math.min(0.8, left(test));
    return { train, validation: left(train + test), test };
  }
  const train = given.train ?? left(given.validation! + test);
  return { train, validation: given.validation ?? left(train + test), test };
}

/** 1 - 0.7 is 0.30000000000000004: not what anybody wrote. */
function roundOff(value: number): number {
  return Number(value.toFixed(12));
}

export type SplitConfig = DeepReadonly<z.infer<ReturnType<typeof splitSchema>>>;
