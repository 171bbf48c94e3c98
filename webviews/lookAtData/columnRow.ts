/** One column of the table: what it holds, how much of it, and how its values are spread. */
import { fillIn, formatCount, formatDatum } from '../../src/shared/numberFormat.ts';
import { isMeasured } from '../../src/shared/protocol/columnKind.ts';
import type { ColumnReport, NumberReport } from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { factList } from '../kit/facts.ts';
import { Histogram } from '../kit/histogram.ts';
import { valueBars } from './valueBars.ts';
import { countText, datumText, placeLink, sentence } from './viewContext.ts';
import type { ViewContext } from './viewContext.ts';

export interface ColumnPlace {
  /** Of the table. */
  readonly file: string;
  /** What the column is for: a target or an input of the config; empty where that is not known. */
  readonly role: string;
}

export function columnRow(column: ColumnReport, place: ColumnPlace, context: ViewContext) {
  const { name, type, unit } = column;
  const { texts } = context;
  const title = element('h3', { text: name, attributes: { title: name } });
  const inUnit = unit === null ? '' : `, ${fillIn(texts.unit, unit)}`;
  const kind = element('p', { className: 'kind', text: texts[`type.${type}`] + inUnit });
  if (place.role !== '') kind.append(element('span', { className: 'role', text: place.role }));
  const facts = element('div', { className: 'facts' }, title, kind, ...counts(column, context));
  const wrong = wrongNumbers(column, place, context);
  if (wrong !== null) facts.append(wrong);
  return element('article', { className: 'column' }, facts, ...spread(column, context));
}

function counts({ missing, values, distinct }: ColumnReport, context: ViewContext): HTMLElement[] {
  const { texts, locale } = context;
  const missingText = fillIn(texts.missing, countText(missing, missing + values, context));
  const differentText = fillIn(texts.different, formatCount(distinct, locale));
  return [
    element('p', { className: missing > 0 ? 'missing' : 'note', text: missingText }),
    element('p', { className: 'note', text: differentText }),
  ];
}

function wrongNumbers(
  { wrongNumber }: ColumnReport,
  { file }: ColumnPlace,
  context: ViewContext,
): HTMLElement | null {
  if (wrongNumber === null) return null;
  const { texts, locale } = context;
  const { cell, count, line } = wrongNumber;
  const lineText = fillIn(texts.line, formatCount(line, locale));
  const link = placeLink(lineText, { file, line }, context);
  const text = sentence(texts.wrongNumbers, formatCount(count, locale), cell, link);
  return element('p', { className: 'warning' }, text);
}

/** Two boxes: statistics and histogram of what is measured, else the commonest values. */
function spread(column: ColumnReport, context: ViewContext): HTMLElement[] {
  const { numbers, values } = column;
  const { texts } = context;
  if (values === 0) return [element('p', { className: 'note', text: texts.emptyColumn })];
  if (numbers === null || !isMeasured(column)) {
    return [element('div', { className: 'wide' }, valueBars(column, context))];
  }
  return [statistics(numbers, context), numberHistogram(column.name, numbers, context)];
}

function statistics(numbers: NumberReport, context: ViewContext): HTMLElement {
  const { texts } = context;
  const { min, max, mean, std, quartiles } = numbers;
  const [low, middle, high] = quartiles;
  const text = (value: number) => datumText(value, context);
  return factList([
    [texts.min, text(min)],
    [texts.max, text(max)],
    [texts.mean, text(mean)],
    [texts.std, text(std)],
    [texts.median, text(middle)],
    [texts.quartiles, `${text(low)} – ${text(high)}`],
  ]);
}

export interface HistogramSize {
  readonly width: number;
  readonly height: number;
}

export function numberHistogram(
  name: string,
  { histogram, quartiles }: NumberReport,
  { texts, locale }: ViewContext,
  size: HistogramSize = { width: 300, height: 84 },
): HTMLElement {
  const drawn = new Histogram({ ...size, locale, format: formatDatum, binText: texts.bin });
  const [low, , high] = quartiles.map((value) => formatDatum(value, locale));
  drawn.draw(histogram, fillIn(texts.histogram, name, low!, high!));
  return drawn.node;
}
