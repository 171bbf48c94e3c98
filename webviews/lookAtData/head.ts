/** The top of the page: which file, how large, what is odd about it as a whole. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type {
  DataReport,
  PreparedReport,
  TableReport,
} from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { factList, remark, type Fact } from '../kit/facts.ts';
import { countText, placeLink, sentence, type ViewContext } from './viewContext.ts';

/** `dataFile`: whether to name the file of the rows, because the view is about a config. */
export function factsOf(report: DataReport, dataFile: boolean, context: ViewContext): HTMLElement {
  const { table, prepared } = report;
  const facts = [
    ...(table === null ? [] : tableFacts(table, dataFile, context)),
    ...(table === null && prepared !== null ? imageFacts(prepared, context) : []),
    ...targetFacts(report, context),
  ];
  const made = element('section', { id: 'facts' });
  if (facts.length > 0) made.append(factList(facts));
  const { texts } = context;
  if (table?.columns.length === 0) made.append(remark('warning', texts.empty));
  else if (table?.rows === 0) made.append(remark('warning', texts.noRows));
  return made;
}

function tableFacts(table: TableReport, dataFile: boolean, context: ViewContext): Fact[] {
  const { texts, locale } = context;
  const { file, columns } = table;
  const link: Fact[] = dataFile ? [[texts.dataFile, fileLink(file, context)]] : [];
  if (columns.length === 0) return link;
  return [
    ...link,
    [texts.rows, rowCount(table, context)],
    [texts.columns, formatCount(columns.length, locale)],
    [texts.missingCells, missingCells(table, context)],
    [texts.repeated, repeatedRows(table, context)],
    ...formFacts(table, context),
  ];
}

/** 956 rows of 344 that repeat are 344. */
function rowCount({ rows, duplicates }: TableReport, { texts, locale }: ViewContext): string {
  const all = formatCount(rows, locale);
  if (duplicates.rows === 0) return all;
  return fillIn(texts.rowsOfThem, all, formatCount(rows - duplicates.rows, locale));
}

/** How the file is written, where not as most are. */
function formFacts(table: TableReport, context: ViewContext): Fact[] {
  const { encoding, writing, file } = table;
  const { texts, locale } = context;
  const facts: Fact[] = encoding === null ? [] : [[texts.encoding, encoding.name]];
  if (writing === null) return facts;
  const { decimal, thousands, example } = writing;
  const marked = (mark: string): Node => {
    if (example === null) return document.createTextNode(mark);
    const line = fillIn(texts.line, formatCount(example.line, locale));
    const link = placeLink(line, { file, line: example.line }, context);
    return sentence(texts.markAsIn, mark, example.cell, link);
  };
  if (decimal === ',') facts.push([texts.decimal, marked(decimal)]);
  if (thousands !== null) {
    facts.push([texts.thousands, marked(thousands === ' ' ? texts.space : thousands)]);
  }
  return facts;
}

function imageFacts(
  { parts, inputShape, classes, areImages }: PreparedReport,
  context: ViewContext,
) {
  const { texts, locale } = context;
  const count = parts.train + parts.validation + parts.test;
  const facts: Fact[] = [
    [areImages ? texts.images : texts.rows, formatCount(count, locale)],
    [texts.size, inputShape.join(' × ')],
  ];
  if (classes !== null) facts.push([texts.classCount, formatCount(classes.length, locale)]);
  return facts;
}

function targetFacts({ table, likelyTarget }: DataReport, context: ViewContext): Fact[] {
  const { texts } = context;
  const target = table?.columns.find(({ name }) => name === likelyTarget);
  if (target === undefined) return [];
  const [commonest] = target.top;
  const { name, distinct, values } = target;
  if (distinct > 20 || commonest === undefined) return [[texts.likelyTarget, name]];
  const share = countText(commonest.count, values, context);
  return [[texts.likelyTarget, `${name}. ${fillIn(texts.majority, commonest.value, share)}`]];
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
