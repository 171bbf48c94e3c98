/** A look at data as tables for people. */
import { say } from '../shared/language.ts';
import { isMeasured } from '../shared/protocol/columnKind.ts';
import type {
  ColumnReport,
  Histogram,
  NumberReport,
  PreparedReport,
  TableReport,
} from '../shared/protocol/dataReport.ts';
import { formatNumber } from './format.ts';

const widestText = 60;

export function tableText(table: TableReport, file: string): string {
  const { rows, columns } = table;
  if (columns.length === 0) return say`${file} is empty: it has neither column names nor rows`;
  return [
    `${file}: ${rowsText(rows)}, ${columnsText(columns.length)}, ${repeatedText(table)}`,
    ...formLines(table).map((line) => `  ${line}`),
    ...aligned([
      [say('column'), say('type'), say('missing'), say('different'), say('values')],
      ...columns.map((column) => [
        column.unit === null ? column.name : `${column.name} (${column.unit})`,
        typeName(column.type),
        String(column.missing),
        String(column.distinct),
        valuesText(column),
      ]),
    ]),
  ].join('\n');
}

export function preparedText(prepared: PreparedReport): string {
  const { parts, droppedRows, classes, leaks } = prepared;
  const head = prepared.areImages
    ? say`${parts.train} training, ${parts.validation} validation, ${parts.test} test images`
    : say`${parts.train} training, ${parts.validation} validation, ${parts.test} test rows`;
  const dropped = droppedRows === 0 ? '' : say`; ${droppedRows} left out: a value is missing`;
  const classRows = (classes ?? []).map((c) => [
    c.name,
    ...[c.train, c.validation, c.test].map(String),
  ]);
  return [
    head + dropped,
    ...repeatLines(prepared),
    ...(classes === null
      ? []
      : aligned([[say('class'), say('training'), say('validation'), say('test')], ...classRows])),
    ...leaks.filter(({ sameInputs }) => sameInputs > 0).map((leak) => leakText(leak, prepared)),
    `\n${prepared.inputs.length > 0 ? say('Model inputs over the training rows:') : say('Model inputs:')}`,
    ...inputLines(prepared),
  ].join('\n');
}

/** 956 rows that are 239, four times each. */
function repeatLines({ oversample, parts }: PreparedReport): string[] {
  const { times, beforeSplit } = oversample;
  if (times === 1) return [];
  return [
    beforeSplit
      ? say`each row of the file occurs ${times} times (oversample_before_split)`
      : say`of the training rows ${parts.train / times} are different: each occurs ${times} times (oversample)`,
  ];
}

/** Of pixels only what becomes of them. */
function inputLines({ features, inputs, inputWidth }: PreparedReport): readonly string[] {
  if (inputs.length === 0) return features.map((f) => `  ${f.column}: ${f.description}`);
  const left = inputWidth - inputs.length;
  const more = left > 0 ? [`  ${say`and ${left} more`}`] : [];
  return [...aligned(inputs.map(({ name, numbers }) => [name, numbersText(numbers)])), ...more];
}

function valuesText(column: ColumnReport): string {
  const { numbers, top, distinct } = column;
  if (numbers !== null && isMeasured(column)) return numbersText(numbers);
  const [first = '', ...others] = top
    .slice(0, 5)
    .map(({ value, count }) => `${value} ${count}`.replace(/\p{Cc}+/gu, ' '));
  let [text, shown] = [first.slice(0, widestText), Math.min(1, top.length)];
  for (const other of others) {
    if (text.length + other.length + 2 > widestText) break;
    text += `, ${other}`;
    shown++;
  }
  return distinct > shown ? `${text}, ...` : text;
}

function numbersText({ min, max, mean, std, quartiles, histogram }: NumberReport): string {
  const [low, high, center, spread, median] = [min, max, mean, std, quartiles[1]].map(formatNumber);
  const text = say`${low!} .. ${high!}, mean ${center!} ± ${spread!}, median ${median!}`;
  return `${sparkline(histogram)}  ${text}`;
}

function typeName(type: ColumnReport['type']): string {
  const names: Readonly<Record<typeof type, string>> = {
    number: say('number'),
    integer: say('integer'),
    boolean: say('boolean'),
    category: say('category'),
    id: say('id'),
    date: say('date'),
    text: say('text'),
    nested: say('nested'),
    mixed: say('mixed'),
    empty: say('empty'),
  };
  return names[type];
}

const bars = ' ▁▂▃▄▅▆▇█';

/** A bar for each bin; the lowest bar is for at least one value. */
export function sparkline({ counts }: Histogram): string {
  const most = Math.max(...counts);
  return counts.map((count) => bars[Math.ceil((8 * count) / most)]).join('');
}

function rowsText(rows: number): string {
  return rows === 1 ? say('1 row') : say`${rows} rows`;
}

function columnsText(columns: number): string {
  return columns === 1 ? say('1 column') : say`${columns} columns`;
}

/** How many rows say something new: 956 rows of 344 are 344. */
function repeatedText({ rows, duplicates }: TableReport): string {
  const { rows: repeated, examples } = duplicates;
  if (repeated === 0) return say('no row twice');
  const places = examples.map(
    ({ line, firstLine }) => say`line ${line} says what ${firstLine} says`,
  );
  return say`of them ${rows - repeated} different: ${repeated} repeat an earlier one (${places.join(', ')})`;
}

/** How the file is written, where not as most are. */
function formLines({ encoding, writing }: TableReport): string[] {
  const lines = encoding === null ? [] : [say`encoding: ${encoding.name}`];
  if (writing === null) return lines;
  const { decimal, thousands, example } = writing;
  const where = example === null ? '' : say` (as in ${example.cell} on line ${example.line})`;
  if (decimal === ',') lines.push(say('decimal mark: ,') + where);
  if (thousands !== null) lines.push(say`thousands: ${JSON.stringify(thousands)}` + where);
  return lines;
}

function leakText(
  { part, rows, sameInputs, sameTarget }: PreparedReport['leaks'][number],
  { areImages }: PreparedReport,
): string {
  if (areImages) {
    return part === 'validation'
      ? say`${sameInputs} of ${rows} validation images are in training too (${sameTarget} with the same class)`
      : say`${sameInputs} of ${rows} test images are in training too (${sameTarget} with the same class)`;
  }
  return part === 'validation'
    ? say`${sameInputs} of ${rows} validation rows have inputs that training has too (${sameTarget} the target as well)`
    : say`${sameInputs} of ${rows} test rows have inputs that training has too (${sameTarget} the target as well)`;
}

/** Every column as wide as its widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd(),
  );
}
