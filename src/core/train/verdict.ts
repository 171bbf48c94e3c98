/** A plain sentence that says whether the network learned anything, beside what a guess would score. */
import { currentLanguage, say } from '../../shared/language.ts';
import { formatValue } from '../../shared/numberFormat.ts';
import type { MetricConfig } from '../../shared/model/metrics.ts';
import { isDoubtful } from '../../shared/protocol/seenRows.ts';
import type { RunInfo, RunListEntry } from '../../shared/protocol/core.ts';
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

/** "101 of 103 right; always guessing the commonest class: 45"; and what takes from its worth. */
export function verdictText(
  score: Score | null,
  run: Pick<RunInfo, 'baseline' | 'validationRows'> & { readonly seenRows?: number | null },
): string {
  const { baseline, validationRows, seenRows = null } = run;
  if (validationRows === 0) return say('no validation rows, so nothing says how good the model is');
  if (score === null) return say('no epoch has ended, so nothing says yet how good the model is');
  const text =
    score.correct === null
      ? errorText(score.rmse ?? NaN, baseline?.metrics.rmse)
      : rightText(score.correct, score.rows, baseline?.metrics.correct);
  return isDoubtful(seenRows, score.rows) ? `${text}. ${seenText(seenRows!, score.rows)}` : text;
}

function seenText(seen: number, rows: number): string {
  return say`But ${seen} of these ${rows} rows are in training too: it says little about new rows`;
}

/** The sentence kept with a run is in the language that was spoken when it ended: said anew where its numbers are known. */
export function savedVerdict(run: RunListEntry): string {
  const { state, verdict, score, baseline, seenRows } = run;
  if (score === null || state === 'failed' || verdict === '') return verdict;
  return verdictText(score, { baseline, seenRows, validationRows: score.rows });
}

function rightText(correct: number, rows: number, guess: number | undefined): string {
  return guess === undefined
    ? say`${correct} of ${rows} right`
    : say`${correct} of ${rows} right; always guessing the commonest class: ${guess}`;
}

function errorText(rmse: number, guess: number | undefined): string {
  const [error, guessed] = [rmse, guess ?? NaN].map((value) =>
    formatValue(value, currentLanguage()),
  ) as [string, string];
  return guess === undefined
    ? say`off by ${error} (root mean square)`
    : say`off by ${error} (root mean square); always guessing the mean: ${guessed}`;
}
