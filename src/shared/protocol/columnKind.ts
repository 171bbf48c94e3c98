/** How a column is best shown, in a terminal as in a view. */
import type { ColumnReport } from './dataReport.ts';

/** By statistics and a histogram; else by its commonest values. Few whole numbers are codes more often than measures. */
export function isMeasured({ type, numbers, distinct }: ColumnReport): boolean {
  if (numbers === null) return false;
  return type === 'number' || type === 'mixed' || (type === 'integer' && distinct > 5);
}
