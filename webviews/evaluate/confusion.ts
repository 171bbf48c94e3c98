/** True classes against predicted ones, and how well each class does. */
import { formatCount } from '../../src/shared/numberFormat.ts';
import type { ClassOutcome } from '../../src/shared/protocol/evaluation.ts';
import { textTable } from '../kit/dataGrid.ts';
import { element } from '../kit/dom.ts';
import { table } from '../kit/table.ts';
import { number, percent, type Drawing } from './drawing.ts';

/** A larger matrix is no longer read; the table of the classes tells of those. */
const mostClasses = 100;

export function confusionPart(outcome: ClassOutcome, drawing: Drawing): HTMLElement[] {
  const { texts } = drawing;
  const matrix =
    outcome.names.length > mostClasses
      ? []
      : [
          element('h2', { text: texts.confusion }),
          element('p', { text: texts.confusionText }),
          matrixTable(outcome, drawing),
        ];
  return [...matrix, element('h2', { text: texts.perClass }), classTable(outcome, drawing)];
}

function matrixTable({ names, counts, scores }: ClassOutcome, drawing: Drawing): HTMLElement {
  const rows = names.map((name, actual) => [
    name,
    ...names.map((_, predicted) => {
      const count = counts[actual * names.length + predicted]!;
      const share = scores[actual]!.rows === 0 ? 0 : count / scores[actual]!.rows;
      return cell(count, share, { drawing, isRight: actual === predicted });
    }),
  ]);
  const { texts } = drawing;
  return table({
    id: 'confusion',
    head: [`${texts.true} ↓  ${texts.predicted} →`, ...names],
    rows,
  });
}

interface CellOptions {
  readonly drawing: Drawing;
  readonly isRight: boolean;
}

function cell(count: number, share: number, { drawing, isRight }: CellOptions): HTMLElement {
  const made = element(
    'span',
    { className: `count ${isRight ? 'right' : 'wrong'}` },
    element('span', { text: formatCount(count, drawing.locale) }),
    element('span', { className: 'share', text: count === 0 ? '' : percent(share, drawing) }),
  );
  made.style.setProperty('--share', `${Math.round(share * 100)}%`);
  return made;
}

function classTable({ names, scores }: ClassOutcome, drawing: Drawing): HTMLElement {
  const { texts, locale } = drawing;
  const rows = scores.map(({ rows: count, precision, recall, f1 }, c) => [
    names[c]!,
    formatCount(count, locale),
    ...[precision, recall, f1].map((score) => number(score, drawing)),
  ]);
  return textTable({
    id: 'classes',
    head: [texts.class, texts.rows, 'precision', 'recall', 'f1'],
    rows,
  });
}
