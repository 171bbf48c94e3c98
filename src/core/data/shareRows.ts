/** Carries out `split`, `oversample` and `oversample_before_split`: which rows of the file go where. */
import { say } from '../../shared/language.ts';
import { mt19937 } from '../random/mt19937.ts';
import { permutation } from '../random/permutation.ts';
import { seededPermutation } from '../random/seededPermutation.ts';
import { streamOf } from '../random/threefry.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import type { Column } from './columns.ts';
import type { RawColumns } from './rawColumns.ts';
import type { Report } from './report.ts';
import {
  partNamed,
  sklearnSplit,
  splitByColumn,
  splitRows,
  type Part,
  type SplitIndices,
} from './splitRows.ts';

/**
 * Row numbers of the file for each part; a row of an oversampled part occurs several times.
 * `kept` are the rows in use. Parts that got no row though they should are reported.
 */
export function shareRows(
  config: TableConfig,
  raw: RawColumns,
  kept: Uint32Array,
  report: Report,
): SplitIndices {
  const { oversample, oversample_before_split: before } = config.data;
  const rows = before ? repeat(kept, oversample) : kept;
  const places = raw.parts === null ? placesByShare(config, raw, rows) : placesByColumn(raw, rows);
  const pick = (part: Uint32Array): Uint32Array => part.map((place) => rows[place]!);
  const split = {
    train: pick(places.train),
    validation: pick(places.validation),
    test: pick(places.test),
  };
  const areNamed = raw.parts?.categories.every((word) => partNamed(word) !== undefined) ?? true;
  if (areNamed) reportEmptyParts(config, split, report); // else it is the words that are wrong
  if (before) reportLeakage(split, oversample, report);
  return before ? split : { ...split, train: repeat(split.train, oversample) };
}

/** The whole list again and again, as a union of tables gives it. */
export function repeat(rows: Uint32Array, times: number): Uint32Array {
  const repeated = new Uint32Array(rows.length * times);
  for (let i = 0; i < times; i++) repeated.set(rows, i * rows.length);
  return repeated;
}

/** Places 0 .. rows.length - 1 of `rows`, by shares. */
function placesByShare(config: TableConfig, raw: RawColumns, rows: Uint32Array): SplitIndices {
  const { split } = config.data;
  const seed = split.seed ?? config.seed.value;
  if (split.compat === 'sklearn') {
    return sklearnSplit(permutation(rows.length, mt19937(seed)), split);
  }
  const order = seededPermutation({ seed, stream: streamOf('split') }, rows.length);
  const groups = groupsOf(split.stratify === true ? raw.target : raw.groups, rows);
  return splitRows({ order, shares: split, groups });
}

function groupsOf(column: Column | null, rows: Uint32Array): Int32Array | undefined {
  if (column?.kind !== 'category') return undefined;
  return Int32Array.from(rows, (row) => column.codes[row]!);
}

function placesByColumn({ parts }: RawColumns, rows: Uint32Array): SplitIndices {
  const partOfCode = parts!.categories.map((word) => partNamed(word) ?? 'train');
  const places = Uint32Array.from(rows, (_, place) => place);
  return splitByColumn(places, (place) => partOfCode[parts!.codes[rows[place]!]!]!);
}

function emptyPart(part: Part, total: number): string {
  const messages: Readonly<Record<Part, string>> = {
    train: say`no row is left for training; there are ${total}`,
    validation: say`no row is left for validation; there are ${total}`,
    test: say`no row is left for test; there are ${total}`,
  };
  return messages[part];
}

/** With a column that decides, validation may be missing; else each part with a share must have rows. */
function reportEmptyParts({ data }: TableConfig, split: SplitIndices, report: Report): void {
  const { by, validation, test } = data.split;
  const total = split.train.length + split.validation.length + split.test.length;
  const check = (part: Part, severity: 'error' | 'warning'): void => {
    if (split[part].length > 0) return;
    const message = emptyPart(part, total);
    report.at(['data', 'split'], { code: 'data.emptyPart', severity, message });
  };
  check('train', 'error');
  if (by !== null) check('validation', 'warning');
  else if (validation > 0) check('validation', 'error');
  if (by === null && test > 0) check('test', 'error');
}

function reportLeakage({ train, validation }: SplitIndices, times: number, report: Report): void {
  const trained = new Set(train);
  const leaked = validation.reduce((count, row) => count + (trained.has(row) ? 1 : 0), 0);
  if (leaked === 0) return;
  const percent = Math.round((100 * leaked) / validation.length);
  report.at(['data', 'oversample_before_split'], {
    code: 'data.leakage',
    severity: 'warning',
    message: say`${leaked} of ${validation.length} validation rows (${percent} %) are also in training, so validation looks better than it is`,
    hint: say`\`oversample: ${times}\` without \`oversample_before_split\` repeats training rows only`,
  });
}
