/** Which columns the model gets, how they become numbers, and which are left out. */
import { say } from '../../shared/language.ts';
import type { ColumnReport, TableReport } from '../../shared/protocol/dataReport.ts';
import { exact, namesTarget, short } from './chooseTarget.ts';
import { whyUseless } from './columnFaults.ts';

export interface FeatureChoice {
  readonly column: ColumnReport;
  readonly encode: 'ordinal' | 'one_hot' | null;
  /** In order; null for numbers. */
  readonly categories: readonly string[] | null;
  readonly normalize: 'zscore' | null;
  readonly scale: number | null;
  readonly reason: string;
}

export interface FeatureChoices {
  readonly features: readonly FeatureChoice[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Why numbers are scaled as they are; null without numbers. */
  readonly scaling: string | null;
  /** Model inputs: a one-hot feature has one for each category. */
  readonly width: number;
}

/** More categories would be as many inputs, most of them hardly ever 1. */
const mostCategories = 50;

export function chooseFeatures(table: TableReport, target: ColumnReport): FeatureChoices {
  const others = table.columns.filter((column) => column !== target);
  const judged = others.map((column) => ({ column, fault: whyNot(column, target, table) }));
  const used = judged.filter(({ fault }) => fault === null).map(({ column }) => column);
  const { note, ...scaling } = chooseScaling(used.filter((column) => isMeasured(column)));
  const features = used.map((column) => chooseFeature(column, scaling));
  return {
    features,
    leftOut: judged.flatMap(({ column, fault }) =>
      fault === null ? [] : [{ name: column.name, reason: fault }],
    ),
    scaling: note,
    width: features.reduce(
      (sum, f) => sum + (f.encode === 'one_hot' ? f.categories!.length : 1),
      0,
    ),
  };
}

function whyNot(column: ColumnReport, target: ColumnReport, table: TableReport): string | null {
  const { type, values, missing, distinct, top } = column;
  const useless = whyUseless(column, table);
  if (useless !== null) return useless;
  if (saysTheSame(column, target)) {
    return say`its values are as frequent as those of \`${target.name}\`: probably the target said twice`;
  }
  // However the gaps fall, training rows are left in which both are known.
  const known = values - target.missing;
  if (missing > values || known < 0.4 * target.values) {
    return say`missing in ${missing} of ${table.rows} rows`;
  }
  if (type === 'category' && distinct > mostCategories) {
    return say`${distinct} different names: too many for one-hot, and embeddings are not there yet`;
  }
  const rare = values - (top[0]?.count ?? 0);
  if (values >= 50 && rare <= Math.max(2, 0.002 * values)) {
    return say`all but ${rare} of its values are ${top[0]?.value ?? ''}`;
  }
  return null;
}

/** By the counts of the values: a second name for each class. Balanced tables have equal counts by design. */
function saysTheSame(column: ColumnReport, target: ColumnReport): boolean {
  if (column.distinct !== target.distinct || column.distinct > column.top.length) return false;
  const counts = target.top.map(({ count }) => count);
  if (counts.at(-1)! < 2 || column.top.some(({ count }, i) => count !== counts[i])) return false;
  const byDesign = counts.length < 3 || counts[0] === counts.at(-1);
  return !byDesign || namesTarget(column.name);
}

/** A number that is more than 0 or 1. */
function isMeasured({ type }: ColumnReport): boolean {
  return type === 'number' || type === 'integer';
}

interface Scaling {
  readonly normalize: 'zscore' | null;
  readonly scale: number | null;
}

function chooseScaling(
  columns: readonly ColumnReport[],
): Scaling & { readonly note: string | null } {
  const reports = columns.map(({ numbers }) => numbers!);
  if (reports.length === 0) return { normalize: null, scale: null, note: null };
  const lows = reports.map(({ min }) => min);
  const highest = Math.max(...reports.map(({ max }) => max));
  const reaching = reports.filter(({ max }) => max >= 0.75 * highest).length;
  if (
    reports.length >= 8 &&
    lows.every((min) => min >= 0 && min <= 0.05 * highest) &&
    reaching >= reports.length / 2
  ) {
    const note = say`All numbers share one scale, 0 to ${short(highest)}, as pixels do: brought to 0 to 1.`;
    return { normalize: null, scale: 1 / highest, note };
  }
  const deviations = reports.map(({ std }) => std);
  const [least, most] = [Math.min(...deviations), Math.max(...deviations)];
  const largest = Math.max(highest, -Math.min(...lows));
  if (largest <= 3 && least >= 0.2) {
    return {
      normalize: null,
      scale: null,
      note: say('Numbers are of similar size: taken as they are.'),
    };
  }
  const spread = least === most ? short(most) : say`${short(least)} to ${short(most)}`;
  const note = say`Numbers are brought to mean 0 and deviation 1 (now ${spread}), so that all count alike.`;
  return { normalize: 'zscore', scale: null, note };
}

function chooseFeature(column: ColumnReport, scaling: Scaling): FeatureChoice {
  const { type, distinct, numbers, wrongNumber } = column;
  if (isMeasured(column)) {
    const reason = say`${exact(numbers!.min)} to ${exact(numbers!.max)}${missingNote(column)}`;
    return { column, encode: null, categories: null, ...scaling, reason };
  }
  const plain = { column, normalize: null, scale: null } as const;
  if (type === 'boolean' && numbers !== null && wrongNumber === null) {
    const reason = say('0 or 1') + missingNote(column);
    return { ...plain, encode: null, categories: null, reason };
  }
  const categories = column.top.map(({ value }) => value).sort(byCodePoint);
  if (distinct === 2) {
    const reason = say`two names: 0 and 1${missingNote(column)}`;
    return { ...plain, encode: 'ordinal', categories, reason };
  }
  const reason = say`${distinct} names without an order: an input each${missingNote(column)}`;
  return { ...plain, encode: 'one_hot', categories, reason };
}

function missingNote({ missing }: ColumnReport): string {
  if (missing === 0) return '';
  return missing === 1 ? say(', 1 missing') : say`, ${missing} missing`;
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
