/** From a look at a table to a config that trains on it, or to why there is none. */
import { hasErrors, type Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import type { ColumnReport, TableReport } from '../../shared/protocol/dataReport.ts';
import { lineDiagnostic, type RowProblem } from '../data/rowProblems.ts';
import { chooseFeatures } from './chooseFeatures.ts';
import { chooseModel } from './chooseModel.ts';
import { chooseRows } from './chooseRows.ts';
import { chooseTarget, fewestRows } from './chooseTarget.ts';
import { strangers } from './columnFaults.ts';
import { configText } from './configText.ts';

export interface ProposeOptions {
  readonly table: TableReport;
  /** Column to predict; by default the likeliest. */
  readonly target?: string | undefined;
  /** The data file as the config is to name it. */
  readonly dataPath: string;
}

export interface ProposedConfig {
  /** Null when there are errors. */
  readonly text: string | null;
  /** On lines of the data file. */
  readonly diagnostics: readonly Diagnostic[];
}

export function proposeConfig({ table, target: wanted, dataPath }: ProposeOptions): ProposedConfig {
  const diagnostics: Diagnostic[] = [...table.diagnostics];
  const report = (problem: Omit<RowProblem, 'column'>): void =>
    void diagnostics.push(lineDiagnostic(table.file, { column: '', ...problem }));
  for (const problem of tableProblems(table)) report(problem);
  if (hasErrors(diagnostics)) return { text: null, diagnostics };
  const target = chooseTarget(table, wanted);
  if ('code' in target) {
    report({ line: 1, ...target });
    return { text: null, diagnostics };
  }
  const features = chooseFeatures(table, target.column);
  for (const problem of leftOutProblems(table, target.column)) report(problem);
  if (features.features.length === 0) {
    const message = say`no column is left to predict \`${target.column.name}\` from`;
    const hint = features.leftOut.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    report({ code: 'data.noFeatures', line: 1, message, hint });
    return { text: null, diagnostics };
  }
  const rows = chooseRows(table, target, features);
  const model = chooseModel(target, features.width, rows.trainRows);
  const text = configText({ table, dataPath, target, features, rows, model });
  return { text, diagnostics };
}

function* tableProblems({ rows, columns }: TableReport): Generator<Omit<RowProblem, 'column'>> {
  if (columns.length < 2) {
    const message =
      columns.length === 0
        ? say('the file is empty: a model needs a column to predict, and others to predict it from')
        : say(
            'the file has only one column: a model needs one to predict, and others to predict it from',
          );
    const hint = say('if there are more, is the delimiter one of , ; tab or |?');
    yield { code: 'data.tooFewColumns', line: 1, message, hint };
  } else if (rows < fewestRows) {
    const message =
      rows === 1
        ? say('the file has 1 row: too few to learn from and to validate with')
        : say`the file has ${rows} rows: too few to learn from and to validate with`;
    yield { code: 'data.tooFewRows', line: 1, message };
  }
}

/** Numbers that are lost because of a few cells: worth more than a comment. */
function* leftOutProblems(
  { columns }: TableReport,
  target: ColumnReport,
): Generator<Omit<RowProblem, 'column'>> {
  for (const column of columns) {
    if (column.type !== 'mixed' || column === target || column.wrongNumber === null) continue;
    const { line } = column.wrongNumber;
    const message = say`column \`${column.name}\` is left out: ${strangers(column.wrongNumber)}`;
    const hint = say('empty such cells, or write numbers');
    yield { code: 'data.wrongNumber', severity: 'warning', line, message, hint };
  }
}
