/** The top of the page: which file, how large, what is odd about it as a whole. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { DataReport, TableReport } from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { countText, pairs, placeLink, sentence, type ViewContext } from './viewContext.ts';

type Fact = readonly [label: string, value: Node | string];

/** `dataFile`: whether to name the file of the rows, because the view is about a config. */
export function factsOf(report: DataReport, dataFile: boolean, context: ViewContext): HTMLElement {
  const { table, likelyTarget } = report;
  const made = element('section', { id: 'facts' });
  if (table === null) return made;
  const { texts, locale } = context;
  const { file, rows, columns } = table;
  const facts: Fact[] = [
    ...(dataFile ? [[texts.dataFile, fileLink(file, context)] as const] : []),
    [texts.rows, formatCount(rows, locale)],
    [texts.columns, formatCount(columns.length, locale)],
    [texts.missingCells, missingCells(table, context)],
    [texts.repeated, repeatedRows(table, context)],
  ];
  const target = columns.find(({ name }) => name === likelyTarget);
  if (target !== undefined) {
    const [commonest] = target.top;
    const guess =
      target.distinct <= 20 && commonest !== undefined
        ? fillIn(
            texts.majority,
            commonest.value,
            countText(commonest.count, target.values, context),
          )
        : '';
    facts.push([texts.likelyTarget, guess === '' ? target.name : `${target.name}. ${guess}`]);
  }
  made.append(pairs(facts));
  const empty = columns.length === 0 ? texts.empty : rows === 0 ? texts.noRows : '';
  if (empty !== '') made.append(element('p', { className: 'warning', text: empty }));
  return made;
}

function fileLink(file: string, context: ViewContext): HTMLElement {
  return placeLink(file.split(/[\\/]/).at(-1)!, { file, line: null }, context);
}

function missingCells({ columns, rows }: TableReport, context: ViewContext): string {
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  return countText(missing, rows * columns.length, context);
}

function repeatedRows({ duplicates, file, rows }: TableReport, context: ViewContext): HTMLElement {
  const { texts, locale } = context;
  const made = element('span');
  if (duplicates.rows === 0) {
    made.textContent = texts.noRepeats;
    return made;
  }
  made.append(countText(duplicates.rows, rows, context));
  for (const { line, firstLine } of duplicates.examples) {
    const links = [line, firstLine].map((at) =>
      placeLink(fillIn(texts.line, formatCount(at, locale)), { file, line: at }, context),
    );
    made.append('; ', sentence(texts.repeatOf, ...links));
  }
  return made;
}
