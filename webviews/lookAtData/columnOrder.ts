/** Which columns of a wide table are shown, and in which order. No DOM. */
import type { ColumnReport, ColumnType } from '../../src/shared/protocol/dataReport.ts';

export const sortKeys = ['file', 'name', 'type', 'missing', 'distinct'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface ColumnWish {
  readonly sort: SortKey;
  /** Part of a name, in any case of letters. */
  readonly filter: string;
  /** Null for all. */
  readonly type: ColumnType | null;
}

export const everyColumn: ColumnWish = { sort: 'file', filter: '', type: null };

/** Most missing and most different values come first; names in the order of the user's language. */
export function chooseColumns(
  columns: readonly ColumnReport[],
  { sort, filter, type }: ColumnWish,
  locale?: string,
): readonly ColumnReport[] {
  const part = filter.trim().toLocaleLowerCase(locale);
  const chosen = columns.filter(
    (column) =>
      (type === null || column.type === type) &&
      column.name.toLocaleLowerCase(locale).includes(part),
  );
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const byKey: Readonly<Record<SortKey, (a: ColumnReport, b: ColumnReport) => number>> = {
    file: () => 0,
    name: (a, b) => compare(a.name, b.name),
    type: (a, b) => compare(a.type, b.type),
    missing: (a, b) => b.missing - a.missing,
    distinct: (a, b) => b.distinct - a.distinct,
  };
  return chosen.sort(byKey[sort]); // stable: equals stay in the order of the file
}

/** The types that occur, with how many columns each. */
export function countTypes(columns: readonly ColumnReport[]): ReadonlyMap<ColumnType, number> {
  const counts = new Map<ColumnType, number>();
  for (const { type } of columns) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** What the page kept of it; another version of ours may have kept something else. */
export function parseWish(kept: unknown): ColumnWish {
  if (typeof kept !== 'object' || kept === null) return everyColumn;
  const { sort, filter } = kept as Readonly<Record<string, unknown>>;
  return {
    sort: sortKeys.find((key) => key === sort) ?? 'file',
    filter: typeof filter === 'string' ? filter : '',
    type: null,
  };
}
