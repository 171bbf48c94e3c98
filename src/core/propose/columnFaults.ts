/** Why a column can be neither feature nor target. */
import type { ColumnReport, TableReport } from '../../shared/protocol/dataReport.ts';

/** Half a sentence; null for a column that can be used. */
export function whyUseless(column: ColumnReport, { columns }: TableReport): string | null {
  const { name, type, distinct, wrongNumber, top } = column;
  if (name === '') return 'the column has no name';
  if (columns.some((other) => other !== column && other.name === name)) {
    return 'the header has this name twice';
  }
  switch (type) {
    case 'empty':
      return 'it has no values';
    case 'id':
      return 'a value of its own for every row, so nothing can be learned from it: an id';
    case 'date':
      return 'dates are not encoded yet; a column such as the month or the days since would be';
    case 'text':
      return `${distinct} different texts: free text is not encoded yet`;
    case 'nested':
      return 'it holds lists or objects';
    case 'mixed': {
      const { cell = '', line = 1, count = 0 } = wrongNumber ?? {};
      return `${count} of its cells are no numbers (${cell} on line ${line}); empty them or write numbers, then add it`;
    }
    case 'boolean':
    case 'category':
    case 'integer':
    case 'number':
      return distinct < 2 ? `always the same value (${top[0]?.value ?? ''})` : null;
  }
}
