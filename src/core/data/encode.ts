/** Applies a preprocessing to columns: float32 inputs and targets of chosen rows. */
import { codeToIndex } from './categories.ts';
import type { CategoryColumn, Column, NumberColumn } from './columns.ts';
import { featureWidth, type Affine, type FeatureTransform } from './preprocessing.ts';
import type { TargetTransform } from './preprocessing.ts';
import { invariant } from '../../shared/errors.ts';

/**
 * `columns[i]` belongs to `features[i]`. Gives [rows.length, width], row-major.
 * A missing or unknown value without a fill becomes NaN; callers leave such rows out or refuse them.
 */
export function encodeFeatures(
  features: readonly FeatureTransform[],
  columns: readonly Column[],
  rows: Uint32Array,
): Float32Array {
  const width = features.reduce((sum, feature) => sum + featureWidth(feature), 0);
  const x = new Float32Array(rows.length * width);
  let offset = 0;
  features.forEach((feature, i) => {
    const column = columns[i]!;
    if (feature.kind === 'number')
      encodeNumber(feature, asNumber(column), { x, width, offset, rows });
    else encodeCategory(feature, asCategory(column), { x, width, offset, rows });
    offset += featureWidth(feature);
  });
  return x;
}

/** Class indices (-1 for an unknown class), or float32 numbers of [rows.length, 1]. */
export function encodeTarget(
  target: TargetTransform,
  column: Column,
  rows: Uint32Array,
): Int32Array | Float32Array {
  if (target.kind === 'numbers') {
    const { values } = asNumber(column);
    return Float32Array.from(rows, (row) => values[row]!);
  }
  const { codes } = asCategory(column);
  const index = codeToIndex(asCategory(column), target.values);
  return Int32Array.from(rows, (row) => index[codes[row]!] ?? -1);
}

export function applyAffine(value: number, { scale, offset, center, divisor }: Affine): number {
  return (value * scale + offset - center) / divisor;
}

/** Where a feature goes: column `offset` of `x`, [rows.length, width]. */
interface Place {
  readonly x: Float32Array;
  readonly width: number;
  readonly offset: number;
  readonly rows: Uint32Array;
}

function encodeNumber(
  { affine, fill }: FeatureTransform & { kind: 'number' },
  { values }: NumberColumn,
  { x, width, offset, rows }: Place,
): void {
  const filled = applyAffine(fill ?? NaN, affine);
  for (let i = 0, at = offset; i < rows.length; i++, at += width) {
    const value = values[rows[i]!]!;
    x[at] = Number.isNaN(value) ? filled : applyAffine(value, affine);
  }
}

function encodeCategory(
  feature: FeatureTransform & { kind: 'ordinal' | 'one_hot' },
  column: CategoryColumn,
  { x, width, offset, rows }: Place,
): void {
  const index = codeToIndex(column, feature.categories);
  const fill = feature.fill === null ? -1 : feature.categories.indexOf(feature.fill);
  for (let i = 0, at = offset; i < rows.length; i++, at += width) {
    const code = column.codes[rows[i]!]!;
    const category = code < 0 ? fill : index[code]!;
    if (feature.kind === 'ordinal') {
      x[at] = category < 0 ? NaN : applyAffine(category, feature.affine);
    } else if (category >= 0) x[at + category] = 1;
    else x.fill(NaN, at, at + feature.categories.length);
  }
}

function asNumber(column: Column): NumberColumn {
  invariant(column.kind === 'number', 'a number feature reads a number column');
  return column;
}

function asCategory(column: Column): CategoryColumn {
  invariant(column.kind === 'category', 'a categorical feature reads a category column');
  return column;
}
