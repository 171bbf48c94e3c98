/** 1. The rows of the batch: what the table says, and what the network gets. */
import { affineFormula } from '../../src/shared/explain/affineFormula.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { ExplainedRow } from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { drawPicture } from '../kit/picture.ts';
import { table } from '../kit/table.ts';
import { choice, count, number, paragraph, type Drawing } from './drawing.ts';

export function batchPart(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  const { data } = step;
  const isPictures = data.rows.some(({ picture }) => picture !== null);
  const left = [
    [step.rows - data.rows.length, texts.moreRows],
    [data.moreFeatures, texts.moreFeatures],
  ] as const;
  const notes = left.filter(([more]) => more > 0);
  return [
    paragraph(isPictures ? texts.batchPictures : texts.batchText, count(drawing, step.rows)),
    isPictures ? pictures(drawing) : rowTable(drawing),
    ...notes.map(([more, text]) => paragraph(text, count(drawing, more))),
    ...preparation(drawing),
  ];
}

function rowTable(drawing: Drawing): HTMLElement {
  const { step, texts } = drawing;
  const { data } = step;
  const names = data.features.map(({ name }) => name);
  const rows = data.rows.map((row) => rowCells(drawing, row));
  const weighed = isWeighed(drawing) ? [texts.rowLoss, texts.rowWeight] : [];
  const head = [texts.row, ...names, data.target, ...weighed];
  const shown = table({ head, rows, label: texts['title.batch'] });
  shown.querySelectorAll('tr').forEach((line, i) => {
    line.classList.toggle('marked', data.rows[i - 1]?.row === step.row);
  });
  shown.id = 'rows';
  return shown;
}

/** With class weights the rows do not count alike: then their losses say little without their weights. */
function isWeighed({ step }: Drawing): boolean {
  return step.loss.weight !== null;
}

/** Each row as the network gets it. */
function pictures(drawing: Drawing): HTMLElement {
  const items = drawing.step.data.rows.map((row) => element('li', {}, pictureOf(drawing, row)));
  const attributes = { 'aria-label': drawing.texts['title.batch'] };
  return element('ul', { id: 'pictures', attributes }, ...items);
}

function pictureOf(drawing: Drawing, row: ExplainedRow): HTMLElement {
  const { step, texts, choose } = drawing;
  const name = `${texts.row} ${count(drawing, row.row + 1)}`;
  const isMarked = row.row === step.row;
  const attributes = {
    'aria-pressed': String(isMarked),
    'aria-label': isMarked ? `${name}, ${row.target}, ${texts.marked}` : `${name}, ${row.target}`,
    'data-key': `row-${row.row}`,
  };
  const canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  if (row.picture !== null) drawPicture(canvas, row.picture, 64);
  const lines = [`${count(drawing, row.row + 1)} · ${row.target}`, ...lossLines(drawing, row)];
  const made = element('button', { className: 'photo', attributes }, canvas);
  made.append(...lines.map((text) => element('span', { text })));
  made.addEventListener('click', () => choose({ row: row.row }));
  return made;
}

function lossLines(drawing: Drawing, { loss, weight }: ExplainedRow): string[] {
  const own = `L = ${number(drawing, loss)}`;
  return weight === null ? [own] : [own, `c = ${number(drawing, weight)}`];
}

function rowCells(drawing: Drawing, told: ExplainedRow): (string | Node)[] {
  const { row, values, target, loss, weight } = told;
  const { step, texts, choose } = drawing;
  const isMarked = row === step.row;
  const name = count(drawing, row + 1);
  const label = isMarked ? `${texts.row} ${name}, ${texts.marked}` : `${texts.row} ${name}`;
  const action = () => choose({ row });
  const first = choice({ text: name, label, key: `row-${row}`, chosen: isMarked, action });
  const cells = values.map(({ raw, inputs }) => {
    const text = typeof raw === 'number' ? number(drawing, raw) : raw;
    const given = inputs.map((input) => number(drawing, input)).join(' ');
    return element(
      'span',
      { className: 'pair' },
      element('span', { text }),
      element('span', { className: 'given', text: given }),
    );
  });
  const weighed = weight === null ? [] : [loss, weight].map((value) => number(drawing, value));
  return [first, ...cells, target, ...weighed];
}

/** For the marked row, what was done to each number that did not stay as it was. */
function preparation(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  const row = step.data.rows.find((each) => each.row === step.row);
  const format = (value: number) => number(drawing, value);
  const items = step.data.features.flatMap(({ name, inputs, affine }, i) => {
    const { raw, inputs: given } = row!.values[i]!;
    const result = given.map(format).join(' ');
    if (affine === null) return [`${name}: ${raw} → ${result} (${inputs.join(', ')})`];
    if (typeof raw === 'string') return [`${name}: ${raw} → ${result}`];
    const formula = affineFormula(affine, raw, format);
    return formula === null ? [] : [`${name}: ${formula} = ${result}`];
  });
  if (items.length === 0) return [];
  const list = items.map((text) => element('li', { text }));
  const summary = element('summary', { text: fillIn(texts.prepared) });
  const open = { 'data-key': 'prepared' };
  const body = element('ul', { className: 'formulas' }, ...list);
  return [element('details', { attributes: open }, summary, body)];
}
