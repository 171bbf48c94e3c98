/** Collects what is wrong in the rows of a data file, and keeps the list short: a file can be wrong a million times. */
import type { Diagnostic, Severity } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';

const shownPerGroup = 3;

export interface RowProblem {
  readonly code: string;
  /** Line of the data file, from 1. */
  readonly line: number;
  /** Column of the table; problems of one code and column are one group. */
  readonly column: string;
  readonly message: string;
  readonly hint?: string;
  readonly severity?: Severity;
}

export interface RowProblems {
  add(problem: RowProblem): void;
  readonly count: number;
  /** The first few of each group, then one line that counts the rest. */
  diagnostics(): Diagnostic[];
}

export function rowProblems(file: string): RowProblems {
  const groups = new Map<string, { shown: RowProblem[]; more: number }>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(problem) {
      count++;
      const key = `${problem.code} ${problem.column}`;
      const group = groups.get(key) ?? { shown: [], more: 0 };
      groups.set(key, group);
      if (group.shown.length < shownPerGroup) group.shown.push(problem);
      else group.more++;
    },
    diagnostics() {
      return [...groups.values()].flatMap(({ shown, more }) =>
        shown.map((problem, i) =>
          lineDiagnostic(file, problem, i === shown.length - 1 && more > 0 ? more : 0),
        ),
      );
    },
  };
}

/** A diagnostic on one line of a data file. */
export function lineDiagnostic(file: string, problem: RowProblem, more = 0): Diagnostic {
  const { code, line, message, hint } = problem;
  return {
    code,
    severity: problem.severity ?? 'error',
    message: more > 0 ? say`${message}, and ${more} more` : message,
    file,
    start: { line, column: 1 },
    end: { line: line + 1, column: 1 },
    ...(hint === undefined ? {} : { hint }),
  };
}
