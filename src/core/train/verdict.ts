/** A plain sentence that says whether the network learned anything, beside what a guess would score. */
import { formatValue } from '../../shared/numberFormat.ts';
import type { MetricConfig } from '../../shared/model/metrics.ts';
import type { RunInfo } from '../../shared/protocol/core.ts';
import type { TargetSpec } from '../graph/model.ts';

/** What the validation rows say about a set of weights; null where the task has no such number. */
export interface Score {
  readonly epoch: number;
  readonly rows: number;
  readonly correct: number | null;
  readonly rmse: number | null;
}

/** The metric that the verdict needs, computed on validation rows beside those of the config. */
export function verdictMetric(target: TargetSpec): MetricConfig {
  return target.kind === 'classes' ? { type: 'correct' } : { type: 'rmse' };
}

export function scoreOf(
  target: TargetSpec,
  { epoch, rows, value }: { readonly epoch: number; readonly rows: number; readonly value: number },
): Score {
  const classes = target.kind === 'classes';
  return { epoch, rows, correct: classes ? value : null, rmse: classes ? null : value };
}

/** "101 of 103 right; always guessing the commonest class: 45". */
export function verdictText(
  score: Score | null,
  { baseline, validationRows }: Pick<RunInfo, 'baseline' | 'validationRows'>,
): string {
  if (validationRows === 0) return 'no validation rows, so nothing says how good the model is';
  if (score === null) return 'no epoch has ended, so nothing says yet how good the model is';
  if (score.correct !== null) {
    const guess = baseline?.metrics.correct;
    const beside = guess === undefined ? '' : `; always guessing the commonest class: ${guess}`;
    return `${score.correct} of ${score.rows} right${beside}`;
  }
  const guess = baseline?.metrics.rmse;
  const beside =
    guess === undefined ? '' : `; always guessing the mean: ${formatValue(guess, 'en')}`;
  return `off by ${formatValue(score.rmse ?? NaN, 'en')} (root mean square)${beside}`;
}
