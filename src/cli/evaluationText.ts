/** An evaluation for a terminal. */
import { say } from '../shared/language.ts';
import type {
  ClassOutcome,
  Evaluation,
  NumberOutcome,
  WorstRow,
} from '../shared/protocol/evaluation.ts';
import { formatMetrics, formatNumber } from './format.ts';

/** Larger confusion matrices are wider than a terminal. */
const mostClasses = 12;

/** @param worst how many of the worst rows to show. */
export function evaluationText(evaluation: Evaluation, worst: number): string {
  const { verdict, loss, metrics, outcome } = evaluation;
  const values = [`loss ${formatNumber(loss)}`, formatMetrics(metrics)].filter(Boolean);
  return [
    [verdict, `${rowsText(evaluation)}: ${values.join(', ')}`, ...besides(evaluation)].join('\n'),
    outcome.kind === 'classes' ? classesText(outcome) : numbersText(outcome),
    worst === 0 ? '' : worstText(evaluation.worst.slice(0, worst)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function rowsText({ part, rows }: Evaluation): string {
  if (rows === 1) {
    return {
      test: say('1 test row'),
      validation: say('1 validation row'),
      train: say('1 training row'),
      file: say('1 row'),
    }[part];
  }
  return {
    test: say`${rows} test rows`,
    validation: say`${rows} validation rows`,
    train: say`${rows} training rows`,
    file: say`${rows} rows`,
  }[part];
}

/** What a guess scores, what was recorded, and which weights these are. */
function besides({ baseline, recorded, weights, leftOut }: Evaluation): string[] {
  const lines: string[] = [];
  if (baseline !== null) lines.push(say`without a model: ${formatMetrics(baseline.metrics)}`);
  if (recorded !== null) {
    const { epoch, loss, val_loss, metrics } = recorded;
    const losses = { loss, ...(val_loss === undefined ? {} : { val_loss }) };
    lines.push(say`recorded in epoch ${epoch}: ${formatMetrics({ ...losses, ...metrics })}`);
  }
  const epoch = formatNumber(weights.epoch);
  lines.push(
    weights.averaged
      ? say`weights: the moving average after step ${weights.step} (epoch ${epoch})`
      : say`weights: those after step ${weights.step} (epoch ${epoch})`,
  );
  if (leftOut === 1) lines.push(say('1 row of the file is left out'));
  if (leftOut > 1) lines.push(say`${leftOut} rows of the file are left out`);
  return lines;
}

function classesText({ names, counts, scores }: ClassOutcome): string {
  const head = [say('class'), say('rows'), 'precision', 'recall', 'f1'];
  const share = (value: number | null) => (value === null ? '–' : formatNumber(value));
  const lines = scores.map(({ rows, precision, recall, f1 }, c) => [
    names[c]!,
    String(rows),
    ...[precision, recall, f1].map(share),
  ]);
  const parts = [tableText([head, ...lines])];
  if (names.length <= mostClasses) {
    const rows = names.map((name, c) => {
      const own = counts.subarray(c * names.length, (c + 1) * names.length);
      return [name, ...Array.from(own, String)];
    });
    parts.unshift(
      `${say('Confusion matrix: true classes down, predicted ones across')}\n${tableText([['', ...names], ...rows])}`,
    );
  }
  return parts.join('\n\n');
}

function numbersText({ targets }: NumberOutcome): string {
  const lines = targets.flatMap(({ name, residuals }) =>
    residuals === null
      ? []
      : [
          [
            name,
            ...[residuals.mean, residuals.std, residuals.min, residuals.max].map(formatNumber),
          ],
        ],
  );
  const head = [
    say('predicted less true'),
    say('mean'),
    say('deviation'),
    say('least'),
    say('most'),
  ];
  return tableText([head, ...lines]);
}

function worstText(worst: readonly WorstRow[]): string {
  const head = [say('row'), say('loss'), say('true'), say('predicted'), ''];
  const lines = worst.map((row) => [
    String(row.row + 1),
    formatNumber(row.loss),
    row.target,
    row.probability === null
      ? row.predicted
      : `${row.predicted} (${(row.probability * 100).toFixed(1)} %)`,
    row.values.map(({ name, value }) => `${name}=${value}`).join(', '),
  ]);
  return `${say('The rows with the highest loss')}\n${tableText([head, ...lines])}`;
}

/** Indented; the first column stands to the left, the others to the right, and what is empty in the head to the left. */
function tableText(rows: readonly (readonly string[])[]): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, c) =>
    Math.max(...rows.map((row) => (row[c] ?? '').length)),
  );
  return rows
    .map((row) => {
      const cells = row.map((text, c) =>
        c === 0 || rows[0]![c] === '' ? text.padEnd(widths[c]!) : text.padStart(widths[c]!),
      );
      return `  ${cells.join('  ')}`.trimEnd();
    })
    .join('\n');
}
