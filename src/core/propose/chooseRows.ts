/** What is done about missing values, and how the rows are shared out. */
import { say } from '../../shared/language.ts';
import type { TableReport } from '../../shared/protocol/dataReport.ts';
import type { FeatureChoices } from './chooseFeatures.ts';
import type { TargetChoice } from './chooseTarget.ts';

export interface RowChoices {
  readonly missing: {
    readonly type: 'drop_row' | 'median' | 'mode';
    readonly reason: string;
  } | null;
  readonly split: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    readonly stratify: boolean;
    readonly reason: string;
  };
  /** Rows that training will see. */
  readonly trainRows: number;
}

/** Rows from which a test part can be spared. */
const enoughForTest = 1000;

export function chooseRows(
  table: TableReport,
  target: TargetChoice,
  { features }: FeatureChoices,
): RowChoices {
  const missing = chooseMissing(table, target, features);
  const rows = target.column.values;
  const shares = chooseShares(rows);
  const stratify = target.task === 'classification';
  const spared = shares.test > 0 ? say('; the test rows are kept for `evaluate`') : '';
  const split = {
    ...shares,
    stratify,
    reason: (stratify ? balanceNote(target) : say('rows are shared out at random')) + spared,
  };
  return { missing, split, trainRows: Math.max(1, Math.floor(rows * shares.train)) };
}

export interface Shares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** Of all rows, a part for tests only where one can be spared. */
export function chooseShares(rows: number): Shares {
  const train = rows < 10 ? 0.75 : rows < enoughForTest ? 0.8 : 0.7;
  const test = rows < enoughForTest ? 0 : 0.15;
  return { train, validation: Number((1 - train - test).toFixed(2)), test };
}

/** Rows with several missing values are counted for each: at most so many are left out. */
function chooseMissing(
  { rows }: TableReport,
  { column }: TargetChoice,
  features: FeatureChoices['features'],
): RowChoices['missing'] {
  const lacking = features.filter((feature) => feature.column.missing > 0);
  const most = lacking.reduce((sum, feature) => sum + feature.column.missing, 0);
  if (most === 0 && column.missing === 0) return null;
  if (most <= 0.05 * rows) {
    const reason = say`a value is missing in at most ${most + column.missing} of ${rows} rows: these are left out`;
    return { type: 'drop_row', reason };
  }
  const names = lacking.every(({ encode }) => encode !== null);
  const reason = say`values are missing in up to ${most} of ${rows} rows, too many to leave out: filled in from the training rows`;
  return { type: names ? 'mode' : 'median', reason };
}

function balanceNote({ column }: TargetChoice): string {
  const counts = column.top.map(({ count }) => count);
  const [most, least] = [counts[0]!, counts.at(-1)!];
  return most >= 1.5 * least
    ? say`classes are uneven (${most} rows of the commonest, ${least} of the rarest), so each part gets its share of each`
    : say`classes are even; each part gets its share of each`;
}
