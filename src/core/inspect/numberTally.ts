/** How the numbers of a column are written, gathered cell by cell: which marks they have, and what stands beside them. */
import { ownText } from '../data/columns.ts';

/**
 * `comma`, `point`: certainly before decimals; `commas`, `points`, `spaces`, `quotes`: certainly between thousands;
 * `eitherComma`, `eitherPoint`: before three digits, so one or the other.
 */
type Mark =
  'comma' | 'point' | 'commas' | 'points' | 'spaces' | 'quotes' | 'eitherComma' | 'eitherPoint';

export interface NumberTally {
  readonly marks: Readonly<Record<Mark, number>>;
  /** What stands beside numbers, with counts. */
  readonly units: ReadonlyMap<string, number>;
  /** Texts that a person reads as numbers. */
  readonly looks: number;
  /** The first of those that a program does not and that have most kinds of marks, and where. */
  readonly example: { readonly cell: string; readonly line: number } | null;
}

const prefix = String.raw`(?:[A-Z]{1,3} ?)?\p{Sc}|[A-Z]{3}(?= )`;
const suffix = String.raw`\p{Sc}|[%‰]|°\p{L}?|\p{L}[\p{L}²³/]{1,6}|(?<= )\p{L}`;
const written = new RegExp(
  String.raw`^\s*[-+]?\s*(?<before>${prefix})?\s*[-+]?(?<number>\d(?:[\d.,'’\s]*\d)?)\s*(?<after>${suffix})?\s*$`,
  'u',
);

const spaces = /^\d{1,3}(?:\s\d{3})+(?:[.,]\d+)?$/;
const quotes = /^\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?$/;

/** More units than these are none. */
const mostUnits = 50;

export function tallyNumbers() {
  const marks: Record<Mark, number> = {
    comma: 0,
    point: 0,
    commas: 0,
    points: 0,
    spaces: 0,
    quotes: 0,
    eitherComma: 0,
    eitherPoint: 0,
  };
  const units = new Map<string, number>();
  let looks = 0;
  let example: NumberTally['example'] = null;
  let told = -1;
  return {
    /** A cell that a program reads as a number: only its point is of interest, until one is certain. */
    addPlain(text: string): void {
      if (marks.point > 0 || !text.includes('.')) return;
      marks[/^\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*$/.test(text) ? 'eitherPoint' : 'point']++;
    },
    addText(text: string, line: number): void {
      if (text.length > 40) return;
      const { before, number, after } = written.exec(text)?.groups ?? {};
      if (number === undefined || (before !== undefined && after !== undefined)) return;
      const unit = before ?? after;
      const found = marksOf(number, unit !== undefined);
      if (found === null) return;
      looks++;
      if (found.length > told) {
        told = found.length;
        example = { cell: ownText(text.trim()), line };
      }
      for (const mark of found) marks[mark]++;
      if (unit === undefined || (units.size >= mostUnits && !units.has(unit))) return;
      units.set(ownText(unit), (units.get(unit) ?? 0) + 1);
    },
    tally: (): NumberTally => ({ marks, units, looks, example }),
  };
}

export type NumberTallier = ReturnType<typeof tallyNumbers>;

/** Null for what is no number: a date, a telephone number. */
function marksOf(number: string, hasUnit: boolean): readonly Mark[] | null {
  if (/^\d+$/.test(number)) return [];
  if (/^[1-9]\d{0,2},\d{3}$/.test(number)) return ['eitherComma'];
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(number)) return ['eitherPoint'];
  if (/^\d+,\d+$/.test(number)) return ['comma'];
  if (/^\d+\.\d+$/.test(number)) return ['point'];
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(number)) return ['points', 'comma'];
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(number)) return ['commas', 'point'];
  if (/^\d{1,3}(?:,\d{3})+$/.test(number)) return ['commas'];
  if (/^\d{1,3}(?:\.\d{3})+$/.test(number)) return ['points'];
  const separator = spaces.test(number) ? 'spaces' : quotes.test(number) ? 'quotes' : null;
  if (separator === null) return null;
  if (number.includes(',')) return [separator, 'comma'];
  if (number.includes('.')) return [separator, 'point'];
  return hasUnit || separator === 'quotes' ? [separator] : null;
}
