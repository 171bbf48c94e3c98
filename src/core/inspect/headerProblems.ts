/** What is odd about the names of the columns. */
import { say } from '../../shared/language.ts';
import { toNumber } from '../data/columns.ts';
import type { RowProblem } from '../data/rowProblems.ts';
import type { ColumnReport } from '../../shared/protocol/dataReport.ts';

/** At line 1 of the file. A header that seems to hold values is an error: the first row would be lost. */
export function headerProblems(columns: readonly ColumnReport[]): RowProblem[] {
  const names = columns.map(({ name }) => name);
  const problems: RowProblem[] = [];
  const twins = new Set(names.filter((name, i) => name !== '' && names.indexOf(name) !== i));
  for (const name of twins) {
    const message = say`the header has the column \`${name}\` ${names.filter((n) => n === name).length} times`;
    problems.push({
      code: 'data.duplicateColumn',
      severity: 'warning',
      line: 1,
      column: name,
      message,
    });
  }
  if (looksLikeValues(columns)) {
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '');
    const message = say`the first row seems to hold values, not names of columns: ${shown}`;
    const hint = say('write a first row with a name for each column');
    problems.push({ code: 'data.noHeader', line: 1, column: '', message, hint });
  }
  return problems;
}

/** Where all columns of numbers have a number for a name. Years, or 0, 1, 2, ..., are names all the same. */
function looksLikeValues(columns: readonly ColumnReport[]): boolean {
  const numeric = columns.filter(({ numbers, wrongNumber }) => numbers && !wrongNumber);
  const names = numeric.map(({ name }) => toNumber(name));
  if (names.length === 0 || names.some((value) => value === null)) return false;
  const counts = names.every((value, i) => i === 0 || value === names[i - 1]! + 1);
  return !(counts && names.length > 1);
}
