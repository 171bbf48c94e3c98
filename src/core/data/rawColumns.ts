/** Which columns of the file a config needs, and which of them the file lacks. */
import { say } from '../../shared/language.ts';
import type { ConfigPath } from '../../shared/model/configPath.ts';
import { suggestion } from '../../shared/model/suggest.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import type { CategoryColumn, Column } from './columns.ts';
import type { ColumnRequest, Table } from './readTable.ts';
import type { Report } from './report.ts';

/** The columns by what they are for. */
export interface RawColumns {
  /** As in the config. */
  readonly features: readonly Column[];
  readonly target: Column;
  /** Of `split.stratify`, if it names a column. */
  readonly groups: CategoryColumn | null;
  /** Of `split.by`. */
  readonly parts: CategoryColumn | null;
}

interface PlannedColumn extends ColumnRequest {
  /** Where the config names it. */
  readonly path: ConfigPath;
}

export function planColumns({ data, task }: TableConfig): readonly PlannedColumn[] {
  const { features, target, split } = data;
  const category = (name: string, key: string): PlannedColumn => {
    return { name, kind: 'category', path: ['data', 'split', key] };
  };
  return [
    ...features.map(({ name, encode, unit }, i): PlannedColumn => {
      const kind = encode === null ? 'number' : 'category';
      const nameHint = say('for a column of names set `encode: ordinal` or `one_hot`');
      return { name, kind, nameHint, unit, path: featurePath(i) };
    }),
    {
      name: target.name,
      kind: task === 'classification' ? 'category' : 'number',
      unit: target.unit,
      nameHint: say('to predict names use `task: classification`'),
      path: ['data', 'target'],
    },
    ...(typeof split.stratify === 'string' ? [category(split.stratify, 'stratify')] : []),
    ...(split.by === null ? [] : [category(split.by, 'by')]),
  ];
}

/** Where the config names a column that the header does not. */
export function reportMissingColumns(
  plan: readonly PlannedColumn[],
  header: readonly string[],
  report: Report,
): void {
  const code = 'data.missingColumn';
  const known = header.filter((name) => name !== '');
  for (const { name, path } of plan) {
    if (header.includes(name)) continue;
    const message = say`the file has no column \`${name}\``;
    report.at(path, { code, message, hint: suggestion(name, known) });
  }
}

/** Null when a column is missing, which is reported. */
export function bindColumns(config: TableConfig, table: Table, report: Report): RawColumns | null {
  const plan = planColumns(config);
  reportMissingColumns(plan, table.header, report);
  const columns = table.columns.filter((column) => column !== null);
  if (columns.length < plan.length) return null;
  const named = (key: string): CategoryColumn | null => {
    const at = plan.findIndex(({ path }) => path[1] === 'split' && path[2] === key);
    const column = columns[at];
    return column?.kind === 'category' ? column : null;
  };
  const count = config.data.features.length;
  return {
    features: columns.slice(0, count),
    target: columns[count]!,
    groups: named('stratify'),
    parts: named('by'),
  };
}

/** What cannot be done with a split, beyond what the schema checks. */
export function checkSplit({ data: { split }, task }: TableConfig, report: Report): void {
  const problem = (key: string, message: string): void =>
    report.at(['data', 'split', key], { code: 'data.split', message });
  if (split.stratify === true && task !== 'classification') {
    problem('stratify', say('a target of numbers has no classes to stratify by; name a column'));
  }
  if (split.compat === null) return;
  if (split.stratify !== false) {
    problem('compat', say('stratified splits of scikit-learn are not imitated'));
  }
  if (split.test > 0) {
    problem('compat', say('train_test_split knows no third part: leave `test` out'));
  }
}

/** Where the config names a feature. */
export function featurePath(index: number): ConfigPath {
  return ['data', 'features', index];
}
