/** What can be told about the data of a config that has errors, without what may follow from those. */
import type { ConfigDraft } from '../../shared/model/draft.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import { countClasses } from './classes.ts';
import type { PrepareOptions, PrepareResult } from './preparation.ts';
import { prepareTable, readData } from './prepareTable.ts';
import { planColumns, reportMissingColumns } from './rawColumns.ts';
import { createReport } from './report.ts';

interface TableDraft extends ConfigDraft {
  readonly config: TableConfig;
}

/** Throws as prepareTable does. */
export async function checkTable(
  { config, isDamaged }: TableDraft,
  options: Omit<PrepareOptions, 'config'>,
): Promise<PrepareResult> {
  const predict = isDamaged(['predict']) ? [] : config.predict;
  const given = { ...options, config: { ...config, predict } };
  if (isDamaged(['data']) || isDamaged(['task'])) {
    return checkColumns({ config, isDamaged }, given);
  }
  return prepareTable(given);
}

/** Whether file and columns are there, and how many classes the target has. */
async function checkColumns(
  { config, isDamaged }: TableDraft,
  options: PrepareOptions<TableConfig>,
): Promise<PrepareResult> {
  const report = createReport(options.document);
  const result = (classes: number | null): PrepareResult => {
    return { data: null, classes, diagnostics: report.diagnostics };
  };
  const keys = ['path', 'format', 'delimiter', 'encoding', 'decimal', 'thousands'];
  const readable = keys.every((key) => !isDamaged(['data', key]));
  if (!readable) return result(null);
  const plan = planColumns(config).filter(({ path }) => !isDamaged([...path, 'name']));
  const target = plan.filter(({ path }) => path[1] === 'target');
  const read = await readData(options, target, report);
  if (read === null) return result(null);
  reportMissingColumns(plan, read.table.header, report);
  const targetIsClear = !isDamaged(['data', 'target']) && !isDamaged(['task']);
  return result(targetIsClear ? countClasses(config, read.table, 0) : null);
}
