/** Why a column can be neither feature nor target. */
import { say } from '../../shared/language.ts';
import type { ColumnReport, TableReport, WrongNumber } from '../../shared/protocol/dataReport.ts';

const float32Max = 3.4e38;

/** Half a sentence; null for a column that can be used. */
export function whyUseless(column: ColumnReport, { columns }: TableReport): string | null {
  const { name, type, distinct, wrongNumber, numbers, top } = column;
  if (name === '') return say('the column has no name');
  if (columns.some((other) => other !== column && other.name === name)) {
    return say('the header has this name twice');
  }
  if (numbers !== null && Math.max(numbers.max, -numbers.min) > float32Max) {
    return say('it has numbers beyond the range of float32 (3.4e38)');
  }
  switch (type) {
    case 'empty':
      return say('it has no values');
    case 'id':
      return say('a value of its own for every row, so nothing can be learned from it: an id');
    case 'date':
      return say(
        'dates are not encoded yet; a column such as the month or the days since would be',
      );
    case 'text':
      return say`${distinct} different texts: free text is not encoded yet`;
    case 'nested':
      return say('it holds lists or objects');
    case 'mixed':
      return wrongNumber === null ? say('its cells are of several kinds') : strangers(wrongNumber);
    case 'boolean':
    case 'category':
    case 'integer':
    case 'number':
      return distinct < 2 ? say`always the same value (${top[0]?.value ?? ''})` : null;
  }
}

/** Which cells among numbers are none. */
export function strangers({ cell, line, count }: WrongNumber): string {
  if (count === 1) return say`${cell} on line ${line} is no number`;
  return count === 2
    ? say`${cell} on line ${line} and 1 more of its cells are no numbers`
    : say`${cell} on line ${line} and ${count - 1} more of its cells are no numbers`;
}
