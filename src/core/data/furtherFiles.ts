/** Reads further files with the preprocessing of a finished run: to evaluate, and to predict. */
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { suggestion } from '../../shared/model/suggest.ts';
import type { InputRow } from '../../shared/protocol/core.ts';
import { codeToIndex } from './categories.ts';
import { unlistedProblems } from './classes.ts';
import { isMissing, toNumber, type Cell, type Column } from './columns.ts';
import { encodeFeatures, encodeTarget } from './encode.ts';
import { fileText, type ReadOptions } from './fileText.ts';
import { numberReader } from './numberForm.ts';
import type { SplitData } from './preparedData.ts';
import type { FeatureTransform, TablePreprocessing } from './preprocessing.ts';
import { readRows, readTable, type ColumnRequest } from './readTable.ts';
import { lineDiagnostic, rowProblems } from './rowProblems.ts';

export interface EvaluationData {
  /** Null when there are errors, or no row that can be used. */
  readonly data: SplitData | null;
  /** Rows left out: a value is wrong, unknown to the run, or missing without a fill. */
  readonly leftOut: number;
  /** Why the file cannot be used (errors), or what is wrong with the first rows left out (warnings). */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * All rows of another file that the run can take, of the format that it was trained on.
 * @throws AppError `data.read` when the file cannot be read.
 */
export async function prepareEvaluation(
  preprocessing: TablePreprocessing,
  file: string,
  options: ReadOptions = {},
): Promise<EvaluationData> {
  const requests = columnRequests(preprocessing);
  const table = await readTable(file, { ...preprocessing.reader, columns: requests, ...options });
  const names = requests.map(({ name }) => name);
  const unusable = missingColumns(file, names, table.header);
  if (unusable.length > 0) return { data: null, leftOut: table.rows, diagnostics: unusable };
  const columns = table.columns.filter((column) => column !== null);
  const unknown = unknownValues(preprocessing, columns, file);
  const left = new Set([...table.wrongRows, ...unknown.rows]);
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => !left.has(row),
  );
  const leftOut = left.size + table.brokenLines;
  const found = [...table.diagnostics, ...unknown.diagnostics];
  if (rows.length === 0) {
    const none = fileProblem(file, 'data.noRows', say('no complete row is in the file'));
    return { data: null, leftOut, diagnostics: [...found, none] };
  }
  const data: SplitData = {
    rows: rows.length,
    x: encodeFeatures(preprocessing.features, columns, rows),
    y: encodeTarget(preprocessing.target, columns.at(-1)!, rows),
    places: rows,
  };
  const diagnostics = found.map((problem) => ({ ...problem, severity: 'warning' as const }));
  return { data, leftOut, diagnostics };
}

/** Features in order, the target last. */
function columnRequests({ features, target }: TablePreprocessing): ColumnRequest[] {
  const kindOf = (feature: FeatureTransform) => (feature.kind === 'number' ? 'number' : 'category');
  return [
    ...features.map((feature): ColumnRequest => ({
      name: feature.name,
      kind: kindOf(feature),
      needed: feature.fill === null,
      unit: unitOf(feature),
    })),
    target.kind === 'classes'
      ? { name: target.name, kind: 'category', needed: true }
      : { name: target.names[0]!, kind: 'number', needed: true, unit: target.unit ?? null },
  ];
}

function unitOf(feature: FeatureTransform): string | null {
  return feature.kind === 'number' ? (feature.unit ?? null) : null;
}

/** Categories and classes that the run does not know, and the rows that have them. */
function unknownValues(
  { features, target }: TablePreprocessing,
  columns: readonly Column[],
  file: string,
): { readonly rows: ReadonlySet<number>; readonly diagnostics: readonly Diagnostic[] } {
  const problems = rowProblems(file);
  const rows = new Set<number>();
  columns.forEach((column, i) => {
    if (column.kind !== 'category') return;
    const feature = features[i];
    const name = feature?.name ?? (target.kind === 'classes' ? target.name : '');
    const known = feature === undefined ? target : feature;
    const categories =
      'values' in known ? known.values : 'categories' in known ? known.categories : [];
    for (const problem of unlistedProblems(name, column, categories)) {
      problems.add({ code: 'data.unknownCategory', column: name, ...problem });
    }
    const index = codeToIndex(column, categories);
    column.codes.forEach((code, row) => {
      if (code >= 0 && index[code] === -1) rows.add(row);
    });
  });
  return { rows, diagnostics: problems.diagnostics() };
}

function missingColumns(
  file: string,
  needed: readonly string[],
  header: readonly string[],
): Diagnostic[] {
  if (header.length === 0) return [fileProblem(file, 'data.noRows', say('the file is empty'))];
  const missing = needed.filter((name) => !header.includes(name));
  return missing.map((name) => {
    const problem = fileProblem(
      file,
      'data.missingColumn',
      say`the file has no column \`${name}\``,
    );
    return { ...problem, hint: suggestion(name, header) };
  });
}

function fileProblem(file: string, code: string, message: string): Diagnostic {
  return lineDiagnostic(file, { code, line: 1, column: '', message });
}

export interface InputRows {
  readonly rows: readonly InputRow[];
  /** By index: rows that are there but cannot be read (they are empty here), and why. */
  readonly broken: ReadonlyMap<number, string>;
  /** Why the file as a whole cannot be used. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CsvRowsOptions extends ReadOptions {
  /** Of the run that reads them: its features say which columns are numbers, and how they are written. */
  readonly preprocessing?: TablePreprocessing;
  /** Columns that the file must have. */
  readonly needed?: readonly string[];
}

/**
 * All rows of a CSV file with a header, numbers as numbers; null where a value is missing.
 * @throws AppError `data.read` when the file cannot be read.
 */
export async function readCsvRows(file: string, options: CsvRowsOptions = {}): Promise<InputRows> {
  const rows: InputRow[] = [];
  const broken = new Map<number, string>();
  let names: readonly string[] = [];
  const reader = options.preprocessing?.reader;
  const how = { format: 'csv', delimiter: csvDelimiter(reader) } as const;
  const valueOf = inputValues(options.preprocessing);
  const { encoding } = reader ?? {};
  await readRows(fileText(file, { ...options, encoding }).pieces, how, {
    header: (header) => (names = header),
    row: (cells) => {
      rows.push(Object.fromEntries(names.map((name, i) => [name, valueOf(name, cells[i])])));
    },
    problem: (line, message) => {
      broken.set(rows.length, say`line ${line} ${message}`);
      rows.push({});
    },
  });
  const diagnostics = missingColumns(file, options.needed ?? [], names);
  if (rows.length === 0 && diagnostics.length === 0) {
    diagnostics.push(fileProblem(file, 'data.noRows', say('the file has no rows')));
  }
  return { rows, broken, diagnostics };
}

function csvDelimiter(reader: TablePreprocessing['reader'] | undefined): string | null {
  return reader?.format === 'csv' ? reader.delimiter : null;
}

/** Cells of number features are read as in training; what is none is left as it is, to be told. */
function inputValues(preprocessing: TablePreprocessing | undefined) {
  const readers = new Map(
    preprocessing?.features
      .filter(({ kind }) => kind === 'number')
      .map((feature) => [feature.name, numberReader(preprocessing.reader, unitOf(feature))]),
  );
  return (name: string, cell: Cell): string | number | null => {
    const read = readers.get(name);
    if (read === undefined || isMissing(cell) || typeof cell !== 'string') return inputValue(cell);
    return read(cell) ?? cell;
  };
}

/** Text that is exactly how a number is written becomes that number; `007` stays text. */
function inputValue(cell: unknown): string | number | null {
  if (isMissing(cell) || typeof cell !== 'string') return null;
  const value = toNumber(cell);
  return value !== null && !/^\s*[-+]?0\d/.test(cell) ? value : cell;
}
