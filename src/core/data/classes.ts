/** The classes of a target: which texts of the file mean them, in which order, and their names. */
import { say } from '../../shared/language.ts';
import type { TargetConfig } from '../../shared/model/data.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import { listed, suggestion } from '../../shared/model/suggest.ts';
import { categoriesIn, configCategories, sortCategories } from './categories.ts';
import type { CategoryColumn } from './columns.ts';
import type { TargetTransform } from './preprocessing.ts';
import type { Table } from './readTable.ts';
import type { Report } from './report.ts';

type ClassesTransform = TargetTransform & { readonly kind: 'classes' };

/** `rows` are the rows in use. Null when names and classes do not fit, which is reported. */
export function fitClasses(
  target: TargetConfig,
  column: CategoryColumn,
  rows: Uint32Array,
  report: Report,
): ClassesTransform | null {
  const found = categoriesIn(column, rows);
  const values = classValues(target, found);
  const names = target.class_names ?? values;
  const problem = (code: string, message: string): void =>
    report.at(['data', 'target'], { code, message });
  if (names.length !== values.length) {
    const counts = say`\`class_names\` has ${names.length} names, the target ${values.length} classes`;
    problem('data.classNames', `${counts}: ${listed(values.slice(0, 10))}`);
    return null;
  }
  if (values.length < 2) {
    problem(
      'data.oneClass',
      say`every row is of the class "${values[0] ?? ''}": there is nothing to learn`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) problem('data.classNames', say`two classes have the name "${twice}"`);
  return { kind: 'classes', name: target.name, values, names };
}

/** With these in a table its classes are known all the same. */
const harmless = new Set(['data.missingValue', 'data.wrongNumber']);

/** Of a table that lacks other columns, say. `at`: of the target column; null if the column does not tell. */
export function countClasses({ task, data }: TableConfig, table: Table, at: number): number | null {
  const column = table.columns[at];
  if (task !== 'classification' || column?.kind !== 'category') return null;
  if (!table.diagnostics.every(({ code }) => harmless.has(code))) return null;
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const { length } = classValues(data.target, categoriesIn(column, rows));
  // Where names and classes differ in number, that is told; the larger one blames no layer besides.
  return Math.max(length, data.target.class_names?.length ?? 0);
}

/** Indices below the number of names stay as they are, even if the file lacks some of them. */
function classValues(target: TargetConfig, found: readonly string[]): string[] {
  if (target.categories !== null) return configCategories(target.categories);
  const count = target.class_names?.length ?? 0;
  const indices = Array.from({ length: count }, (_, i) => String(i));
  return found.every((value) => indices.includes(value)) && count > 0
    ? indices
    : sortCategories(found);
}

/** A diagnostic text for a value that is in the file but not in the list; null if all are listed. */
export function unlistedProblems(
  name: string,
  column: CategoryColumn,
  categories: readonly string[],
): { readonly line: number; readonly message: string; readonly hint: string }[] {
  const known = new Set(categories);
  return column.categories.flatMap((value, code) => {
    if (known.has(value)) return [];
    const message = say`column \`${name}\`: "${value}" is not one of the categories`;
    const shown = categories.slice(0, 20);
    return [{ line: column.firstLines[code]!, message, hint: suggestion(value, shown) }];
  });
}
