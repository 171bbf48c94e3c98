import type { Evaluation, WorstRow } from './evaluation.ts';

/** As plain JSON: lists for typed arrays, the confusion matrix row by row, and no pictures. */
export function plainEvaluation({ outcome, worst, ...rest }: Evaluation): object {
  return {
    ...rest,
    outcome: plainOutcome(outcome),
    worst: worst.map(plainRow),
  };
}

function plainRow(row: WorstRow): object {
  const { inFile, loss, target, predicted, probability, targetProbability, values } = row;
  const sure = { probability, targetProbability };
  return { row: row.row, inFile, loss, target, predicted, ...sure, values };
}

function plainOutcome(outcome: Evaluation['outcome']): object {
  if (outcome.kind === 'numbers') {
    const targets = outcome.targets.map(({ actual, predicted, ...rest }) => ({
      ...rest,
      actual: [...actual],
      predicted: [...predicted],
    }));
    return { ...outcome, targets };
  }
  const { names, counts } = outcome;
  const rows = names.map((_, c) => [...counts.subarray(c * names.length, (c + 1) * names.length)]);
  return { ...outcome, counts: rows };
}
