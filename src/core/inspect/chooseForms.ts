/** How a table writes its numbers, from what was gathered of its columns. */
import type { NumberWriting } from '../../shared/protocol/dataReport.ts';
import type { NumberTally } from './numberTally.ts';

export interface ColumnTally extends NumberTally {
  /** Cells of the column that hold something, and those that are numbers without further ado. */
  readonly values: number;
  readonly plain: number;
}

export interface ChosenForms {
  /** Null where all numbers are written as programs write them. */
  readonly writing: NumberWriting | null;
  /** Of each column: what stands beside its numbers. */
  readonly units: readonly (string | null)[];
}

export function chooseForms(tallies: readonly ColumnTally[]): ChosenForms {
  const numeric = tallies.filter(looksNumeric);
  const units = tallies.map((tally) => (looksNumeric(tally) ? commonestUnit(tally) : null));
  const decimal = chooseDecimal(numeric);
  const thousands = decimal === ',' ? thousandsBesideComma(numeric) : thousandsBesidePoint(numeric);
  if (decimal === '.' && thousands === null) return { writing: null, units };
  const example = tellingExample(numeric, thousands);
  return { writing: { decimal, thousands, example }, units };
}

/** A number that has the mark of thousands, where there is one to see. */
function tellingExample(
  columns: readonly ColumnTally[],
  thousands: NumberWriting['thousands'],
): NumberWriting['example'] {
  const marked = columns.filter(({ marks, example }) => {
    const { comma, eitherComma, commas, points, spaces, quotes } = marks;
    return example !== null && comma + eitherComma + commas + points + spaces + quotes > 0;
  });
  const telling = marked.find(({ example }) => example?.cell.includes(thousands ?? ''));
  return (telling ?? marked[0])?.example ?? null;
}

/** Half of its cells at least. */
export function looksNumeric({ looks, plain, values }: ColumnTally): boolean {
  return values > 0 && looks + plain >= values / 2;
}

/** A few strangers among numbers are no unit of the column. */
function commonestUnit({ units, looks, plain }: ColumnTally): string | null {
  const [unit, count] = [...units].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
  const others = [...units.values()].reduce((sum, n) => sum + n, 0) - count;
  return count > others && count >= 0.1 * (looks + plain) ? unit : null;
}

/** The columns vote; a comma that takes no point for thousands lets columns with decimal points be read as well. */
function chooseDecimal(columns: readonly ColumnTally[]): '.' | ',' {
  const withComma = columns.filter(({ marks }) => marks.comma > marks.commas);
  const withPoint = columns.filter(({ marks }) => marks.point > 0 || marks.commas > marks.comma);
  if (withComma.length === 0) return '.';
  const needsPoints = withComma.some(({ marks }) => marks.points > 0);
  const needsCommas = withPoint.some(({ marks }) => marks.commas > 0);
  const canBeBoth = !needsPoints && !needsCommas;
  return canBeBoth || withComma.length >= withPoint.length ? ',' : '.';
}

function thousandsBesideComma(columns: readonly ColumnTally[]): NumberWriting['thousands'] {
  const onlyGroups = columns.every(({ marks }) => marks.point === 0);
  const grouped = columns.some(({ marks }) => marks.eitherPoint > 0);
  if (columns.some(({ marks }) => marks.points > 0) || (onlyGroups && grouped)) return '.';
  return spacesOrQuotes(columns);
}

/** A single comma before three digits, where no column says otherwise, is one of thousands. */
function thousandsBesidePoint(columns: readonly ColumnTally[]): NumberWriting['thousands'] {
  if (columns.some(({ marks }) => marks.commas + marks.eitherComma > 0)) return ',';
  const hasPoints = columns.some(({ marks }) => marks.point + marks.eitherPoint > 0);
  if (!hasPoints && columns.some(({ marks }) => marks.points > 0)) return '.';
  return spacesOrQuotes(columns);
}

function spacesOrQuotes(columns: readonly ColumnTally[]): NumberWriting['thousands'] {
  if (columns.some(({ marks }) => marks.spaces > 0)) return ' ';
  return columns.some(({ marks }) => marks.quotes > 0) ? "'" : null;
}
