/** Fits what turns one column into numbers, on the training rows only. */
import { say } from '../../shared/language.ts';
import { suggestion } from '../../shared/model/suggest.ts';
import type { FeatureConfig, MissingConfig } from '../../shared/model/data.ts';
import { codeToIndex, commonestCode } from './categories.ts';
import { toCategory, toNumber, type CategoryColumn, type NumberColumn } from './columns.ts';
import type { Affine, FeatureTransform } from './preprocessing.ts';
import { mean, median, mode, range, standardDeviation } from './statistics.ts';

export interface FitContext {
  readonly missing: MissingConfig;
  /** Rows of the column that are trained on; repeats count. */
  readonly trainRows: Uint32Array;
  /** All rows in use: what is missing there must have a fill. */
  readonly allRows: Uint32Array;
  /** Reports at the feature (or, with `atMissing`, at the rule for missing values). */
  readonly report: (problem: FitProblem) => void;
}

export interface FitProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly severity?: 'error' | 'warning' | 'info';
  readonly atMissing?: boolean;
}

export function fitNumber(
  feature: FeatureConfig,
  column: NumberColumn,
  context: FitContext,
): FeatureTransform {
  const { name, unit } = feature;
  const fill = numberFill(name, column, context);
  const values = gather(column.values, context.trainRows, fill);
  const affine =
    feature.normalize === null ? plainAffine(feature) : fitAffine(feature, values, context);
  const beside = unit === null ? {} : { unit };
  const transform = { kind: 'number', name, affine, fill, ...beside } as const;
  return values.length === 0 ? transform : { ...transform, seen: range(values) };
}

/** `categories` are final: from the config, or all that occur. */
export function fitCategory(
  feature: FeatureConfig,
  column: CategoryColumn,
  categories: readonly string[],
  context: FitContext,
): FeatureTransform {
  const { name } = feature;
  const fill = categoryFill(name, column, categories, context);
  if (feature.encode === 'one_hot') return { kind: 'one_hot', name, categories, fill };
  if (feature.normalize === null) {
    return { kind: 'ordinal', name, categories, affine: plainAffine(feature), fill };
  }
  const index = codeToIndex(column, categories);
  const indices = Float64Array.from(column.codes, (code) => (code < 0 ? NaN : index[code]!));
  const fillIndex = fill === null ? null : categories.indexOf(fill);
  const values = gather(indices, context.trainRows, fillIndex);
  return { kind: 'ordinal', name, categories, affine: fitAffine(feature, values, context), fill };
}

function plainAffine({ scale, offset }: FeatureConfig): Affine {
  return { scale, offset, center: 0, divisor: 1 };
}

function fitAffine(feature: FeatureConfig, values: Float64Array, context: FitContext): Affine {
  const { scale, offset, normalize, name } = feature;
  if (values.length === 0) return plainAffine(feature);
  const scaled = values.map((value) => value * scale + offset);
  const { min, max } = range(scaled);
  if (min === max) {
    const message = say`\`${name}\` is ${values[0]!} in every training row: it tells nothing`;
    context.report({ code: 'data.constantFeature', message, severity: 'warning' });
    return { scale, offset, center: min, divisor: 1 };
  }
  if (normalize === 'minmax') return { scale, offset, center: min, divisor: max - min };
  return { scale, offset, center: mean(scaled), divisor: standardDeviation(scaled) };
}

/** Values of these rows; a missing one is filled, or left out where there is no fill. */
function gather(values: Float64Array, rows: Uint32Array, fill: number | null): Float64Array {
  const gathered = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const value = values[row]!;
    if (!Number.isNaN(value)) gathered[count++] = value;
    else if (fill !== null) gathered[count++] = fill;
  }
  return gathered.subarray(0, count);
}

function numberFill(name: string, column: NumberColumn, context: FitContext): number | null {
  const { missing, report } = context;
  if (missing.type === 'error' || missing.type === 'drop_row') return null;
  if (missing.type === 'constant') {
    const value = toNumber(missing.value);
    if (value === null && context.allRows.some((row) => Number.isNaN(column.values[row]!))) {
      const message = say`"${missing.value}" cannot fill \`${name}\`, a column of numbers`;
      report({ code: 'data.wrongFill', message, atMissing: true });
    }
    return value;
  }
  const values = gather(column.values, context.trainRows, null);
  if (values.length > 0) return { mean, median, mode }[missing.type](values);
  const message = say`\`${name}\` has no value in any training row, so it has no ${statisticName(missing.type)}`;
  report({ code: 'data.emptyFeature', message });
  return null;
}

function statisticName(type: 'mean' | 'median' | 'mode'): string {
  return { mean: say('mean'), median: say('median'), mode: say('mode') }[type];
}

function categoryFill(
  name: string,
  column: CategoryColumn,
  categories: readonly string[],
  context: FitContext,
): string | null {
  const { missing, report } = context;
  if (missing.type === 'error' || missing.type === 'drop_row') return null;
  const isNeeded = context.allRows.some((row) => column.codes[row]! < 0);
  if (missing.type === 'constant') {
    const value = toCategory(missing.value) ?? '';
    if (categories.includes(value)) return value;
    if (isNeeded) {
      const message = say`"${missing.value}" cannot fill \`${name}\`: it is none of its categories`;
      const hint = suggestion(value, categories);
      report({ code: 'data.wrongFill', message, hint, atMissing: true });
    }
    return null;
  }
  const code = commonestCode(column.codes, context.trainRows, column.categories.length);
  const fill = column.categories[code] ?? null;
  if (fill === null) {
    const message = say`\`${name}\` has no value in any training row, so it has no commonest one`;
    report({ code: 'data.emptyFeature', message });
  } else if (isNeeded && missing.type !== 'mode') {
    const message = say`categories have no ${statisticName(missing.type)}: \`${name}\` is filled with the commonest, "${fill}"`;
    report({ code: 'data.filledWithMode', message, severity: 'info' });
  }
  return fill;
}
