/** Orders and names of categories, for features and for the classes of a target. */
import { toCategory, type CategoryColumn } from './columns.ts';

/** Numbers by value if all are numbers, else by code point, as pandas and scikit-learn sort them. */
export function sortCategories(categories: readonly string[]): string[] {
  const allNumbers = categories.every((name) => name !== '' && Number.isFinite(Number(name)));
  return [...categories].sort((a, b) => {
    if (allNumbers) return Number(a) - Number(b);
    return a < b ? -1 : Number(a > b);
  });
}

/** Categories as a config lists them, in the spelling that columns use. */
export function configCategories(listed: readonly (string | number)[]): string[] {
  return listed.map((name) => toCategory(name) ?? String(name));
}

/** For each code of the column the index of its category in `categories`, or -1. */
export function codeToIndex(column: CategoryColumn, categories: readonly string[]): Int32Array {
  const index = new Map(categories.map((name, i) => [name, i]));
  return Int32Array.from(column.categories, (name) => index.get(name) ?? -1);
}

/** Categories that occur in these rows, in the order of `column.categories`. */
export function categoriesIn(column: CategoryColumn, rows: Uint32Array): string[] {
  const seen = new Uint8Array(column.categories.length);
  for (const row of rows) {
    const code = column.codes[row]!;
    if (code >= 0) seen[code] = 1;
  }
  return column.categories.filter((_, code) => seen[code] === 1);
}

/** The commonest code in these rows (the smaller one of two equals), or -1 without any. */
export function commonestCode(codes: Int32Array, rows: Uint32Array, categories: number): number {
  const counts = new Uint32Array(categories);
  for (const row of rows) {
    const code = codes[row]!;
    if (code >= 0) counts[code] = counts[code]! + 1;
  }
  let best = -1;
  counts.forEach((count, code) => {
    if (count > (best < 0 ? 0 : counts[best]!)) best = code;
  });
  return best;
}
