/** The loss of one row with its numbers put in. */
import type { LossConfig } from '../model/losses.ts';
import type { AnswerEntry, ExplainedAnswer, ExplainedLoss } from '../protocol/explainStep.ts';
import { withSign, type FormatNumber, type FormulaLine } from './formula.ts';

/** p: the probability of the right class; a: an answer, y: its target. `row` is the loss as computed. */
export function lossFormula(
  config: LossConfig,
  answer: ExplainedAnswer,
  { row, format }: { readonly row: number; readonly format: FormatNumber },
): FormulaLine {
  const line = (letters: string, numbers: string) => ({ name: 'L', letters, numbers, value: row });
  const right = answer.entries.find(({ target }) => target === 1);
  if (answer.kind === 'classes' && right !== undefined && isEntropy(config)) {
    const share = 'label_smoothing' in config ? (config.label_smoothing ?? 0) : 0;
    const own = `−ln(${format(right.value)})`;
    if (share === 0) return line('−ln(p)', own);
    const letters = '(1 − s) × −ln(p) + s × Σ −ln(a) / n';
    const logs = answer.entries.map(({ value }) => `−ln(${format(value)})`);
    const rest = answer.more > 0 ? ' + …' : '';
    const sum = `(${logs.join(' + ')}${rest}) / ${format(logs.length + answer.more)}`;
    return line(letters, `(1 − ${format(share)}) × ${own} + ${format(share)} × ${sum}`);
  }
  const [letters, term] = errorTerm(config, format);
  const terms = answer.entries.map(term);
  if (terms.length === 1 && answer.more === 0) return line(letters, terms[0]!);
  const rest = answer.more > 0 ? ' + …' : '';
  const count = answer.entries.length + answer.more;
  return line(`Σ ${letters} / n`, `(${terms.join(' + ')}${rest}) / ${format(count)}`);
}

/** c: how much the row counts, as the weight of its class has it. Empty where all rows count alike. */
export function weightFormula(
  { row, weight }: Pick<ExplainedLoss, 'row' | 'weight'>,
  format: FormatNumber,
): readonly FormulaLine[] {
  if (weight === null) return [];
  const numbers = `${format(weight)} × ${format(row)}`;
  return [{ name: 'L′', letters: 'c × L', numbers, value: weight * row }];
}

function isEntropy({ type }: LossConfig): boolean {
  return type.endsWith('crossentropy');
}

type Term = (entry: AnswerEntry) => string;

function errorTerm(config: LossConfig, format: FormatNumber): readonly [string, Term] {
  const error: Term = ({ value, target }) => `${format(value)} − ${withSign(target, format)}`;
  switch (config.type) {
    case 'mean_absolute_error':
      return ['|a − y|', (entry) => `|${error(entry)}|`];
    case 'huber':
      return huberTerm(config.delta, format, error);
    default:
      return ['(a − y)²', (entry) => `(${error(entry)})²`];
  }
}

/** Squared up to delta, beyond it a straight line. */
function huberTerm(delta: number, format: FormatNumber, error: Term): readonly [string, Term] {
  const [d, half] = [format(delta), format(delta / 2)];
  const term: Term = (entry) =>
    Math.abs(entry.value - entry.target) <= delta
      ? `½ × (${error(entry)})²`
      : `${d} × (|${error(entry)}| − ${half})`;
  return ['h(a − y)', term];
}
