/** A look at data as tables for people. */
import type {
  ColumnReport,
  Histogram,
  NumberReport,
  PreparedReport,
  TableReport,
} from '../shared/protocol/dataReport.ts';
import { formatNumber } from './format.ts';

const widestText = 60;

export function tableText({ rows, columns, duplicates }: TableReport, file: string): string {
  const { rows: repeated, examples } = duplicates;
  const places = examples.map(({ line, firstLine }) => `line ${line} says what ${firstLine} says`);
  const twice =
    repeated === 0 ? 'no row twice' : `${counted(repeated, 'row')} repeated (${places.join(', ')})`;
  return [
    `${file}: ${counted(rows, 'row')}, ${counted(columns.length, 'column')}, ${twice}`,
    ...aligned([
      ['column', 'type', 'missing', 'different', 'values'],
      ...columns.map((column) => [
        column.name,
        column.type,
        String(column.missing),
        String(column.distinct),
        valuesText(column),
      ]),
    ]),
  ].join('\n');
}

export function preparedText(prepared: PreparedReport): string {
  const { parts, droppedRows, classes, leaks } = prepared;
  const dropped = droppedRows === 0 ? '' : `; ${droppedRows} left out: a value is missing`;
  const head = `${parts.train} training, ${parts.validation} validation, ${parts.test} test rows${dropped}`;
  const classRows = (classes ?? []).map((c) => [
    c.name,
    ...[c.train, c.validation, c.test].map(String),
  ]);
  return [
    head,
    ...(classes === null ? [] : aligned([['class', 'train', 'validation', 'test'], ...classRows])),
    ...leaks.map(
      ({ part, rows, sameInputs, sameTarget }) =>
        `${sameInputs} of ${rows} ${part} rows have inputs that training has too (${sameTarget} the target as well)`,
    ),
    `\nModel inputs over the training rows:`,
    ...inputLines(prepared),
  ].join('\n');
}

/** Of pixels only what becomes of them. */
function inputLines({ features, inputs, inputWidth }: PreparedReport): readonly string[] {
  if (inputs.length === 0) return features.map((f) => `  ${f.column}: ${f.description}`);
  const more = inputWidth > inputs.length ? [`  and ${inputWidth - inputs.length} more`] : [];
  return [...aligned(inputs.map(({ name, numbers }) => [name, numbersText(numbers)])), ...more];
}

function valuesText({ type, numbers, top, distinct }: ColumnReport): string {
  const isMeasured = type === 'number' || type === 'mixed' || (type === 'integer' && distinct > 5);
  if (numbers !== null && isMeasured) {
    return numbersText(numbers);
  }
  const shown = top.slice(0, 5).map(({ value, count }) => `${value} ${count}`);
  const text = shown.join(', ').replace(/\p{Cc}+/gu, ' ');
  return text.length > widestText || distinct > shown.length
    ? `${text.slice(0, widestText)}, ...`
    : text;
}

function numbersText({ min, max, mean, std, quartiles, histogram }: NumberReport): string {
  const [low, high, center, spread, median] = [min, max, mean, std, quartiles[1]].map(formatNumber);
  return `${sparkline(histogram)}  ${low} .. ${high}, mean ${center} ± ${spread}, median ${median}`;
}

const bars = ' ▁▂▃▄▅▆▇█';

/** A bar for each bin; the lowest bar is for at least one value. */
export function sparkline({ counts }: Histogram): string {
  const most = Math.max(...counts);
  return counts.map((count) => bars[Math.ceil((8 * count) / most)]).join('');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Every column as wide as its widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd(),
  );
}
