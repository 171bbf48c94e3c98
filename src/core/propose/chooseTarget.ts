/** Which column is to be predicted, and whether that is a class or a number. */
import { say, sayNumber } from '../../shared/language.ts';
import { suggestion } from '../../shared/model/suggest.ts';
import type { ColumnReport, TableReport, TargetOption } from '../../shared/protocol/dataReport.ts';
import { words } from '../inspect/names.ts';
import { whyUseless } from './columnFaults.ts';
import type { Task } from './trainingText.ts';

export interface TargetChoice {
  readonly column: ColumnReport;
  readonly task: Task;
  /** Why this column, and why this task. */
  readonly reasons: readonly [column: string, task: string];
}

export interface TargetProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Names that targets have, in English and Spanish, without accents. */
const hints = new Set(
  (
    'target label labels class classes category outcome output response result y species variety survived ' +
    'churn diagnosis price cost sales revenue income salary rating score quality grade ' +
    'objetivo etiqueta clase categoria resultado salida respuesta especie variedad diagnostico precio coste ' +
    'costo ventas ingresos salario nota calidad'
  ).split(' '),
);

/** Whether a name says that the column is what one wants to know. */
export function namesTarget(name: string): boolean {
  return words(name).some((word) => hints.has(word));
}

/** `wanted`: the name of the column, where the user has chosen. */
export function chooseTarget(
  table: TableReport,
  wanted: string | undefined,
): TargetChoice | TargetProblem {
  if (wanted !== undefined) return chosenTarget(table, wanted);
  const best = likeliest(table);
  if (best === null) {
    const message = say(
      'no column can be predicted: a target has categories or numbers that differ',
    );
    return { code: 'data.noTarget', message };
  }
  const why = say`taken for the target because ${reasonFor(best, table)}; name another if you like`;
  return withTask(best, why);
}

/** Null where no column can be predicted. */
export function likelyTarget(table: TableReport): string | null {
  return likeliest(table)?.name ?? null;
}

/** Every column that can be predicted: the likeliest first, the others as the file has them. */
export function targetOptions(table: TableReport): readonly TargetOption[] {
  const best = likeliest(table);
  const usable = table.columns.filter((column) => whyNoTarget(column, table) === null);
  const ordered = best === null ? usable : [best, ...usable.filter((column) => column !== best)];
  return ordered.map((column) => {
    const { task } = withTask(column, '');
    const reason = column === best ? reasonFor(column, table) : null;
    return { name: column.name, task, reason, values: valuesOf(column, task) };
  });
}

/** Of those that have a value in most rows; the later of two that are as likely. */
function likeliest(table: TableReport): ColumnReport | null {
  const usable = table.columns.filter(
    (column) => column.missing <= column.values && whyNoTarget(column, table) === null,
  );
  const scores = usable.map((column) => scoreOf(column, table));
  return usable[scores.lastIndexOf(Math.max(...scores))] ?? null;
}

function reasonFor(column: ColumnReport, table: TableReport): string {
  return namesTarget(column.name) ? say('its name says so') : positionReason(column, table);
}

const mostListed = 6;

function valuesOf({ distinct, top, numbers }: ColumnReport, task: Task): string {
  if (task === 'regression') return say`${exact(numbers!.min)} to ${exact(numbers!.max)}`;
  const listed = top.slice(0, mostListed).map(({ value, count }) => `${value} ${count}`);
  const more = distinct - listed.length;
  return more > 0 ? say`${listed.join(', ')}, and ${more} more` : listed.join(', ');
}

function chosenTarget(table: TableReport, wanted: string): TargetChoice | TargetProblem {
  const column = table.columns.find(({ name }) => name === wanted);
  if (column === undefined) {
    const names = table.columns.map(({ name }) => name).filter((name) => name !== '');
    const message = say`the file has no column \`${wanted}\``;
    return { code: 'data.missingColumn', message, hint: suggestion(wanted, names) };
  }
  const fault = whyNoTarget(column, table);
  if (fault === null) return withTask(column, say('chosen by you'));
  return { code: 'data.noTarget', message: say`\`${wanted}\` cannot be predicted: ${fault}` };
}

/** Fewer rows cannot be shared out between training and validation. */
export const fewestRows = 4;

function whyNoTarget(column: ColumnReport, table: TableReport): string | null {
  const { values } = column;
  if (values >= fewestRows) return whyUseless(column, table);
  const few = values === 1 ? say('only 1 row has a value') : say`only ${values} rows have a value`;
  return whyUseless(column, table) ?? few;
}

/** A name counts most, then the place: the last column is the target in most tables. */
function scoreOf({ name, type, distinct }: ColumnReport, { columns }: TableReport): number {
  const exact = hints.has(words(name).join(''));
  const byName = exact ? 50 : namesTarget(name) ? 30 : 0;
  const isLast = columns.at(-1)!.name === name;
  const isFirst = columns[0]!.name === name;
  const byPlace = isLast ? 20 : isFirst ? 5 : 0;
  const fewValues = type === 'category' || type === 'boolean' || distinct <= 20;
  return byName + byPlace + (fewValues ? 10 : 0);
}

function positionReason({ name }: ColumnReport, { columns }: TableReport): string {
  return columns.at(-1)!.name === name
    ? say('it is the last column')
    : say('it has few different values');
}

function withTask(column: ColumnReport, why: string): TargetChoice {
  const { type, distinct, values, numbers } = column;
  if (type === 'boolean' || type === 'category') {
    return classes(column, why, say`the target has ${distinct} different values`);
  }
  const few = distinct <= 20 && distinct <= Math.max(2, values / 5);
  if (few && (type === 'integer' || distinct === 2)) {
    return classes(column, why, say`the target has only ${distinct} different numbers`);
  }
  const { min, max } = numbers!;
  const said = say`the target has ${distinct} different numbers, ${exact(min)} to ${exact(max)}`;
  return { column, task: 'regression', reasons: [why, said] };
}

function classes(column: ColumnReport, why: string, said: string): TargetChoice {
  return { column, task: 'classification', reasons: [why, said] };
}

/** As the data has it; only what nobody would read to its end is cut, to six digits. */
export function exact(value: number): string {
  const whole = String(value);
  return sayNumber(value, whole.length <= 12 ? undefined : 6);
}

/** Four significant digits. */
export function short(value: number): string {
  return sayNumber(value, 4);
}
