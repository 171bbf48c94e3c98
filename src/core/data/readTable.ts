/** Reads the columns that are asked for from a data file; cells that do not fit become diagnostics. */
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { categoryColumn, describeCell, maxCategories, numberColumn } from './columns.ts';
import type { Cell, CellStatus, Column, ColumnBuilder } from './columns.ts';
import { fileText, type ReadOptions } from './fileText.ts';
import { numberReader } from './numberForm.ts';
import type { RowFormat } from './preprocessing.ts';
import { readCsv } from './readCsv.ts';
import { readJson, readJsonLines } from './readJson.ts';
import { rowProblems, type RowProblems } from './rowProblems.ts';
import type { RowSink } from './rowSink.ts';

export interface ColumnRequest {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** What to do where names are found instead of numbers. */
  readonly nameHint?: string;
  /** A missing value is a problem of its row. */
  readonly needed?: boolean;
  /** Of numbers: what may stand beside them. */
  readonly unit?: string | null;
}

export interface TableRequest extends ReadOptions, RowFormat {
  readonly columns: readonly ColumnRequest[];
  /** Missing values are problems. */
  readonly refuseMissing?: boolean;
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: number;
  /** As requested, in order; null where the file has no such column. */
  readonly columns: readonly (Column | null)[];
  readonly sha256: string;
  /** Rows with such cells, rising, and how many lines could not be read at all. */
  readonly wrongRows: readonly number[];
  readonly brokenLines: number;
  /** Wrong cells and lines; all of them errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/** @throws AppError `data.read` when the file cannot be read; the abort reason when cancelled. */
export async function readTable(file: string, request: TableRequest): Promise<Table> {
  const problems = rowProblems(file);
  const collector = tableCollector(request, problems);
  const text = fileText(file, request);
  await readRows(text.pieces, request, collector);
  const diagnostics = problems.diagnostics();
  return { ...collector.finish(), sha256: text.sha256(), diagnostics };
}

/** Sends all rows to the sink. */
export async function readRows(
  pieces: AsyncIterable<string>,
  how: Pick<RowFormat, 'format' | 'delimiter'>,
  sink: RowSink,
): Promise<void> {
  if (how.format === 'csv') return readCsv(pieces, how.delimiter, sink);
  return how.format === 'json' ? readJson(pieces, sink) : readJsonLines(pieces, sink);
}

function tableCollector(request: TableRequest, problems: RowProblems) {
  const { columns, refuseMissing = false } = request;
  const builders = columns.map(({ kind, unit }) =>
    kind === 'number' ? numberColumn(numberReader(request, unit)) : categoryColumn(),
  );
  const present: { at: number; builder: ColumnBuilder; request: ColumnRequest }[] = [];
  let header: readonly string[] = [];
  let rows = 0;
  let brokenLines = 0;
  const wrongRows: number[] = [];
  const overflowing = new Set<ColumnRequest>();
  const report = (cell: Cell, place: CellPlace): void => {
    const { status, request, row } = place;
    if (status === 'missing' && !refuseMissing && request.needed !== true) return;
    if (wrongRows.at(-1) !== row - 1) wrongRows.push(row - 1);
    if (status === 'tooMany' && overflowing.has(request)) return;
    if (status === 'tooMany') overflowing.add(request);
    problems.add(cellProblem(cell, place));
  };
  return {
    header(names: readonly string[]): void {
      header = names;
      columns.forEach((request, i) => {
        const at = names.indexOf(request.name);
        if (at >= 0) present.push({ at, builder: builders[i]!, request });
      });
      reportTwins(names, columns, problems);
    },
    row(cells: readonly Cell[], line: number): void {
      rows++;
      for (const { at, builder, request } of present) {
        const status = builder.add(cells[at], line);
        if (status !== 'ok') report(cells[at], { line, row: rows, request, status });
      }
    },
    problem(line: number, message: string): void {
      brokenLines++;
      problems.add({ code: 'data.brokenRow', line, column: '', message: say`this row ${message}` });
    },
    finish: () => ({
      header,
      rows,
      wrongRows,
      brokenLines,
      columns: columns.map(({ name }, i) => (header.includes(name) ? builders[i]!.finish() : null)),
    }),
  } satisfies RowSink & { finish(): unknown };
}

interface CellPlace {
  readonly line: number;
  readonly row: number;
  readonly request: ColumnRequest;
  readonly status: CellStatus;
}

function cellProblem(cell: Cell, { line, row, request, status }: CellPlace) {
  const column = request.name;
  const place = (what: string) => say`row ${row}, column \`${column}\`: ${what}`;
  switch (status) {
    case 'missing':
      return {
        code: 'data.missingValue',
        line,
        column,
        message: place(say('the value is missing')),
        ...(request.needed === true
          ? {}
          : {
              hint: say(
                'set `missing` under `data`: drop_row, mean, median, mode or {constant: 0}',
              ),
            }),
      };
    case 'tooMany':
      return {
        code: 'data.tooManyCategories',
        line,
        column,
        message: place(say`more than ${maxCategories} different values: these are no categories`),
        hint: say('is the column a number, or a name that each row has to itself?'),
      };
    default: {
      const isNumber = request.kind === 'number';
      const found = describeCell(cell);
      const message = isNumber
        ? say`expected a number, found ${found}`
        : say`expected a name, found ${found}`;
      const hint = isNumber ? numberHint(cell, request) : undefined;
      return {
        code: isNumber ? 'data.wrongNumber' : 'data.wrongCategory',
        line,
        column,
        message: place(message),
        ...(hint === undefined ? {} : { hint }),
      };
    }
  }
}

function numberHint(cell: Cell, { nameHint }: ColumnRequest): string | undefined {
  if (typeof cell !== 'string') return undefined;
  if (/^[-+\s]*\d[\d.,'\s]*$/u.test(cell)) {
    return say('say how its numbers are written: `decimal` and `thousands` under `data`');
  }
  if (/^[-+\s]*\p{Sc}\s*\d|^[-+\s]*\d[\d.,]*\s*[\p{Sc}%]\s*$/u.test(cell)) {
    return say('say what stands beside its numbers: `unit` of the column');
  }
  return /^[a-z]/i.test(cell) ? nameHint : undefined;
}

function reportTwins(
  names: readonly string[],
  columns: readonly ColumnRequest[],
  problems: RowProblems,
): void {
  for (const name of new Set(columns.map((column) => column.name))) {
    if (names.indexOf(name) === names.lastIndexOf(name)) continue;
    const message = say`the header has the column \`${name}\` twice`;
    problems.add({ code: 'data.duplicateColumn', line: 1, column: name, message });
  }
}
