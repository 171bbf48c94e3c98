/** Leaves out rows with missing values, as the config says, and says how many. */
import { say } from '../../shared/language.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import type { Column } from './columns.ts';
import type { RawColumns } from './rawColumns.ts';
import type { Table } from './readTable.ts';
import type { Report } from './report.ts';

export interface KeepRowsInput {
  readonly config: TableConfig;
  readonly raw: RawColumns;
  readonly table: Table;
  readonly report: Report;
}

/** Rows in use, in file order. A row without a target is of no use whatever the rule. */
export function keepRows({ config, raw, table, report }: KeepRowsInput): Uint32Array {
  const needed = [raw.target, raw.groups, raw.parts].filter((column) => column !== null);
  if (config.data.missing.type === 'drop_row') needed.push(...raw.features);
  const kept = completeRows(needed, table.rows);
  const dropped = table.rows - kept.length;
  if (kept.length === 0) {
    const message =
      table.rows === 0
        ? say('the file has no rows')
        : table.rows === 1
          ? say('the only row has a missing value, so none is left')
          : say`each of the ${table.rows} rows has a missing value, so none is left`;
    report.at(['data', 'path'], { code: 'data.noRows', message });
  } else if (dropped > 0) {
    const message =
      dropped === 1
        ? say`1 of ${table.rows} rows is left out: a value is missing`
        : say`${dropped} of ${table.rows} rows are left out: a value is missing`;
    report.at(['data', 'missing'], { code: 'data.droppedRows', message, severity: 'info' });
  }
  return kept;
}

/** Numbers of the rows in which no column lacks its value. */
export function completeRows(columns: readonly Column[], rows: number): Uint32Array {
  const complete = new Uint8Array(rows).fill(1);
  for (const column of columns) {
    if (column.kind === 'number') {
      column.values.forEach((value, row) => {
        if (Number.isNaN(value)) complete[row] = 0;
      });
    } else {
      column.codes.forEach((code, row) => {
        if (code < 0) complete[row] = 0;
      });
    }
  }
  return new Uint32Array(rows).map((_, row) => row).filter((row) => complete[row] === 1);
}
