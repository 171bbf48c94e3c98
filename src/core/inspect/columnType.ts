/** Guesses what a column holds from what was gathered of it. */
import type { ColumnType, NumberReport, ValueCount } from '../../shared/protocol/dataReport.ts';
import type { TextFacts } from './textProfile.ts';
import { words } from './names.ts';
import { isBooleanPair } from './textForms.ts';

export interface ColumnShape {
  readonly name: string;
  readonly values: number;
  readonly distinct: number;
  /** By count; not all where there are very many. */
  readonly top: readonly ValueCount[];
  readonly numbers: NumberReport | null;
  /** All numbers are whole. */
  readonly integers: boolean;
  readonly texts: TextFacts;
  /** Whole numbers that begin with a zero which is no number's: `01010`. */
  readonly leadingZeros: number;
  /** Half of the cells are numbers as people write them. */
  readonly looksNumeric: boolean;
}

export function columnType(column: ColumnShape): ColumnType {
  const { values, texts, numbers, top } = column;
  if (values === 0) return 'empty';
  if (texts.nested > 0) return 'nested';
  if (isBooleanPair(top.map(({ value }) => value))) return 'boolean';
  if (texts.count === 0) return numberType(column);
  const few = column.distinct <= mostMixedNames;
  if (column.looksNumeric && !few) return 'mixed';
  if (numbers !== null && numbers.count >= values / 2 && !few) {
    return 'mixed';
  }
  if (texts.dates >= 0.95 * values) return 'date';
  return isCategory(column) ? 'category' : textType(column);
}

function numberType(column: ColumnShape): ColumnType {
  const { name, values, distinct, numbers, integers } = column;
  if (!integers) return 'number';
  const unique = distinct === values && values >= 3;
  // Zip codes and the like: as a number `01010` would lose its zero.
  if (column.leadingZeros > 0) return unique ? 'id' : 'category';
  const counts = numbers !== null && numbers.max - numbers.min === values - 1 && !isYear(name);
  return unique && (hasIdName(name) || (counts && values >= 10)) ? 'id' : 'integer';
}

function textType({ name, values, distinct, texts }: ColumnShape): ColumnType {
  const single = texts.withSpaces <= 0.05 * values && texts.meanLength <= 40;
  const unique = distinct >= 0.99 * values;
  return unique && (single || hasIdName(name)) ? 'id' : 'text';
}

/** `1`, `2`, `3A` may be names; with more numbers among them, the others are strangers. */
const mostMixedNames = 20;

/** Few values, and most of them more than once. */
function isCategory({ values, distinct }: ColumnShape): boolean {
  const few = distinct <= Math.max(50, Math.min(1000, 0.2 * values));
  return few && distinct <= Math.max(2, 0.5 * values);
}

const idWords = new Set(['id', 'uuid', 'guid', 'key', 'index', 'idx', 'row', 'rowid', 'uid', 'nr']);

function hasIdName(name: string): boolean {
  return words(name).some((word) => idWords.has(word));
}

/** Years may follow each other without a gap and say something all the same. */
function isYear(name: string): boolean {
  return words(name).some((word) => ['year', 'ano', 'anio'].includes(word));
}
