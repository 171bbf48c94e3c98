/** The rows with the highest loss: images as pictures, rows of a table with their values. */
import { formatCount } from '../../src/shared/numberFormat.ts';
import type { WorstRow } from '../../src/shared/protocol/evaluation.ts';
import { textTable } from '../kit/dataGrid.ts';
import { element } from '../kit/dom.ts';
import { drawPicture } from '../kit/picture.ts';
import { number, percent, type Drawing } from './drawing.ts';

const pictureSide = 96;

export function worstPart(worst: readonly WorstRow[], drawing: Drawing): HTMLElement[] {
  const { texts } = drawing;
  const head = [
    element('h2', { text: texts.worst }),
    element('p', { text: worst.length === 0 ? texts.noWorst : texts.worstText }),
  ];
  if (worst.length === 0) return head;
  if (worst.every(({ image }) => image !== null)) {
    const figures = worst.map((row) => pictureOf(row, drawing));
    return [...head, element('div', { id: 'worst', className: 'pictures' }, ...figures)];
  }
  const names = worst[0]!.values.map(({ name }) => name);
  const rows = worst.map((row) => [
    formatCount(row.row + 1, drawing.locale),
    number(row.loss, drawing),
    row.target,
    predictedText(row, drawing),
    ...row.values.map(({ value }) => (typeof value === 'number' ? number(value, drawing) : value)),
  ]);
  return [
    ...head,
    textTable({
      id: 'worst',
      head: [texts.row, texts.loss, texts.true, texts.predicted, ...names],
      rows,
    }),
  ];
}

function pictureOf(row: WorstRow, drawing: Drawing): HTMLElement {
  const { texts, locale } = drawing;
  const lines = [
    `${texts.true}: ${row.target}`,
    `${texts.predicted}: ${predictedText(row, drawing)}`,
    `${texts.loss}: ${number(row.loss, drawing)}`,
  ];
  const label = `${texts.row} ${formatCount(row.row + 1, locale)}. ${lines.join('. ')}`;
  const canvas = element('canvas', { attributes: { role: 'img', 'aria-label': label } });
  if (row.image !== null) drawPicture(canvas, row.image, pictureSide);
  const caption = element('figcaption', {}, ...lines.map((text) => element('div', { text })));
  return element('figure', {}, canvas, caption);
}

function predictedText({ predicted, probability }: WorstRow, drawing: Drawing): string {
  return probability === null ? predicted : `${predicted} (${percent(probability, drawing)})`;
}
