/** Whether the shares of a split make sense together. */
import { say } from '../language.ts';
import { conflict, type PlacedProblem } from './issues.ts';
import { isRecord } from './schemaKit.ts';
import type { SplitConfig } from './split.ts';
import { listed } from './suggest.ts';

const path = ['data', 'split'];
/** 0.7 + 0.2 + 0.1 is not exactly 1. */
const tolerance = 1e-9;

/** `split` has its defaults; `written` is what the file says. */
export function checkSplit(split: SplitConfig, written: unknown): PlacedProblem[] {
  return split.by === null ? checkShares(split) : checkColumn(split.by, written);
}

function checkShares({ train, validation, test }: SplitConfig): PlacedProblem[] {
  const sum = train + validation + test;
  const sumText = `${train} + ${validation} + ${test} = ${Number(sum.toFixed(6))}`;
  const place = (problem: PlacedProblem['problem']): PlacedProblem[] => [
    { path, where: 'value', problem },
  ];
  if (sum > 1 + tolerance) {
    const message = say`train + validation + test is over 1: ${sumText}`;
    return place({
      code: 'config.splitOverOne',
      message,
      hint: say('shares are of 1, so 0.7 for 70 %'),
    });
  }
  if (train === 0) {
    const message = say('the split leaves no rows for training');
    return [conflict(path, message, say('give `train` a share over 0'))];
  }
  if (sum > 1 - tolerance) return [];
  const message = say`some rows are not used at all: train + validation + test is ${sumText}`;
  const hint = say('leave out one of the shares: it takes what the others leave');
  return place({ code: 'config.unusedRows', message, hint, severity: 'warning' });
}

/** What the config of a run, with all its defaults, has beside `by`. */
const silent = { train: 0, validation: 0, test: 0, seed: null, stratify: false, compat: null };

/** A column decides alone. */
function checkColumn(column: string, written: unknown): PlacedProblem[] {
  const given: Readonly<Record<string, unknown>> = {
    ...silent,
    ...(isRecord(written) ? written : {}),
  };
  const idle = (Object.keys(silent) as (keyof typeof silent)[]).filter(
    (key) => given[key] !== silent[key],
  );
  if (idle.length === 0) return [];
  const message = say`${listed(idle)} cannot be combined with \`by: ${column}\``;
  const hint = say('the column alone says where a row belongs');
  return [conflict(path, message, hint)];
}
