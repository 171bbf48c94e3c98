/** Counts the values of a column while they are few; gives up exactness, not memory, where they are many. */
import type { ValueCount } from '../../shared/protocol/dataReport.ts';
import { ownText, toCategory, type Cell } from '../data/columns.ts';

/** As many different values are counted; later ones are not. */
export const countedValues = 2000;

export interface ValueCounter {
  add(cell: Cell): void;
  /** Whether there were more values than are counted. */
  readonly overflowed: boolean;
  /** By count, then in order of appearance; values named as categories of a config are. */
  values(): ValueCount[];
}

export function createValueCounter(): ValueCounter {
  const counts = new Map<Cell, number>();
  let overflowed = false;
  return {
    get overflowed() {
      return overflowed;
    },
    add(cell) {
      const known = counts.get(cell);
      if (known !== undefined) counts.set(cell, known + 1);
      else if (counts.size < countedValues)
        counts.set(typeof cell === 'string' ? ownText(cell) : cell, 1);
      else overflowed = true;
    },
    values() {
      const byName = new Map<string, number>();
      for (const [cell, count] of counts) {
        const name = toCategory(cell) ?? JSON.stringify(cell) ?? '';
        byName.set(name, (byName.get(name) ?? 0) + count);
      }
      return [...byName]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count);
    },
  };
}
