/** How a config shares the rows out: sizes, classes in each part, and rows that leak from training. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type {
  Baseline,
  ClassCount,
  DataPart,
  DataReport,
  PreparedReport,
} from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { remark } from '../kit/facts.ts';
import { numberHistogram } from './columnRow.ts';
import { countText, datumText, type ViewContext } from './viewContext.ts';

const parts = ['train', 'validation', 'test'] as const;

/** More classes than anybody reads. */
const mostClasses = 200;

export function splitPanel(
  { table }: DataReport,
  prepared: PreparedReport,
  context: ViewContext,
): HTMLElement {
  const sentences = [...leakSentences(prepared, context), ...rowSentences(prepared, context)];
  const { texts } = context;
  const made = element('div', {}, splitBar(prepared, context), ...sentences);
  if (prepared.baseline !== null) {
    made.append(element('p', { text: baselineText(prepared.baseline, context) }));
  }
  const { classes, target } = prepared;
  if (classes !== null) {
    const title = element('h2', { text: fillIn(texts.classes, target) });
    made.append(title, classTable(classes, prepared, context));
    return made;
  }
  const numbers = table?.columns.find(({ name }) => name === target)?.numbers ?? null;
  if (numbers !== null) {
    const title = element('h2', { text: fillIn(texts.targetValues, target) });
    made.append(title, numberHistogram(target, numbers, context, { width: 420, height: 110 }));
  }
  return made;
}

/** A segment for each part, as long as it has rows; below it the numbers. */
function splitBar(prepared: PreparedReport, context: ViewContext): HTMLElement {
  const shown = parts.filter((part) => prepared.parts[part] > 0);
  const total = shown.reduce((sum, part) => sum + prepared.parts[part], 0);
  const bar = element('div', { className: 'split', attributes: { 'aria-hidden': 'true' } });
  const legend = element('ul', { className: 'legend' });
  for (const part of shown) {
    const rows = prepared.parts[part];
    const segment = element('span', { className: part });
    segment.style.flexGrow = String(rows);
    bar.append(segment);
    const text = `${context.texts[`part.${part}`]}: ${countText(rows, total, context)}`;
    legend.append(element('li', { className: part, text }));
  }
  return element('div', {}, bar, legend);
}

function leakSentences(prepared: PreparedReport, { texts, locale }: ViewContext): HTMLElement[] {
  return prepared.leaks.map(({ part, rows, sameInputs, sameTarget }) => {
    const name = texts[`part.${part}`];
    if (sameInputs === 0) {
      return remark('good', fillIn(prepared.areImages ? texts.noLeakImages : texts.noLeak, name));
    }
    const [same, of, target] = [sameInputs, rows, sameTarget].map((n) => formatCount(n, locale));
    const text = prepared.areImages ? texts.leakImages : texts.leak;
    return remark('warning', fillIn(text, name, same!, of!, target!));
  });
}

function rowSentences(prepared: PreparedReport, { texts, locale }: ViewContext): HTMLElement[] {
  const { droppedRows, oversample } = prepared;
  const sentences: string[] = [];
  if (droppedRows > 0) sentences.push(fillIn(texts.droppedRows, formatCount(droppedRows, locale)));
  if (oversample.times > 1) {
    const text = oversample.beforeSplit ? texts.oversampledBefore : texts.oversampled;
    const { times } = oversample;
    const counts = [times, prepared.parts.train, prepared.parts.train / times];
    sentences.push(fillIn(text, ...counts.map((count) => formatCount(count, locale))));
  }
  return sentences.map((text) => element('p', { text }));
}

function baselineText({ kind, metrics, guess }: Baseline, context: ViewContext): string {
  const { texts, locale } = context;
  const { correct = 0, total = 0, mae = NaN } = metrics;
  if (kind === 'mean') return fillIn(texts.baselineMean, guess, datumText(mae, context));
  const score = countText(correct, total, context);
  return fillIn(texts.baselineMajority, guess, score, formatCount(total, locale));
}

function classTable(
  classes: readonly ClassCount[],
  prepared: PreparedReport,
  context: ViewContext,
): HTMLElement {
  const { texts, locale } = context;
  const shown = parts.filter((part) => prepared.parts[part] > 0);
  const names = [texts.class, ...shown.map((part) => texts[`part.${part}`])];
  const head = names.map((text) => element('th', { text, attributes: { scope: 'col' } }));
  const most = Math.max(1, ...classes.flatMap((each) => shown.map((part) => shareOf(each, part))));
  function shareOf(each: ClassCount, part: DataPart): number {
    return each[part] / Math.max(1, prepared.parts[part]);
  }
  const rows = classes.slice(0, mostClasses).map((each) => {
    const cells = shown.map((part) => {
      const text = countText(each[part], prepared.parts[part], context);
      const cell = element('td', { className: `share ${part}`, text });
      cell.style.setProperty('--share', String(shareOf(each, part) / most));
      return cell;
    });
    const name = element('th', { text: each.name, attributes: { scope: 'row' } });
    return element('tr', {}, name, ...cells);
  });
  const table = element('table', { id: 'classes' }, element('tr', {}, ...head), ...rows);
  const more = classes.length - rows.length;
  const note = fillIn(texts.andMore, formatCount(more, locale));
  return element('div', {}, table, ...(more > 0 ? [element('p', { text: note })] : []));
}
