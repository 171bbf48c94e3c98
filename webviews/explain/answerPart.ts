/** 3. and 4. What the network answers, what is right, and the loss that follows. */
import { lossFormula, weightFormula } from '../../src/shared/explain/lossFormula.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { AnswerEntry, ExplainedLoss } from '../../src/shared/protocol/explainStep.ts';
import type { ExplainText } from '../../src/shared/protocol/views/explain.ts';
import { textTable } from '../kit/dataGrid.ts';
import { element } from '../kit/dom.ts';
import { count, formulaList, number, paragraph, type Drawing } from './drawing.ts';

export function answerPart(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  const { kind, entries, more } = step.answer;
  const rest = more > 0 ? [paragraph(texts.more, count(drawing, more))] : [];
  if (kind === 'numbers') {
    const rows = entries.map(({ label, value, target }) => [
      label,
      ...[value, target, value - target].map((each) => number(drawing, each)),
    ]);
    const head = ['', texts.answer, texts.target, texts.error];
    return [
      paragraph(texts.answerNumbers),
      textTable({ head, rows, label: texts['title.answer'] }),
      ...rest,
    ];
  }
  const bars = entries.map((entry) => chance(drawing, entry));
  const attributes = { 'aria-label': texts['title.answer'] };
  const list = element('ul', { id: 'chances', attributes }, ...bars);
  return [paragraph(texts.answerClasses), list, ...rest];
}

function chance(drawing: Drawing, { label, value, target }: AnswerEntry): HTMLElement {
  const percent = new Intl.NumberFormat(drawing.locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const bar = element('span', { className: 'bar', attributes: { 'aria-hidden': 'true' } });
  bar.style.setProperty('--chance', String(value));
  const isRight = target === 1;
  const mark = isRight ? `✓ ${drawing.texts.right}` : '';
  return element(
    'li',
    { className: isRight ? 'right' : '' },
    element('span', { className: 'name', text: label }),
    bar,
    element('span', { className: 'percent', text: percent.format(value) }),
    element('span', { className: 'mark', text: mark }),
  );
}

export function lossPart(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  const { config, row, weight, batch } = step.loss;
  const format = (value: number) => number(drawing, value);
  const lines = [lossFormula(config, step.answer, { row, format })];
  lines.push(...weightFormula(step.loss, format));
  const values = [format(row * (weight ?? 1)), count(drawing, step.rows), format(batch)];
  const mean = element('p', { id: 'loss', text: fillIn(texts.lossMean, ...values) });
  return [
    paragraph(texts[lossText(config)]),
    ...(weight === null ? [] : [paragraph(texts.lossWeighted)]),
    formulaList(drawing, lines),
    mean,
  ];
}

function lossText({ type }: ExplainedLoss['config']): ExplainText {
  switch (type) {
    case 'mean_squared_error':
      return 'loss.squared';
    case 'mean_absolute_error':
      return 'loss.absolute';
    case 'huber':
      return 'loss.huber';
    default:
      return 'loss.entropy';
  }
}
