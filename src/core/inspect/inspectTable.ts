/** Looks at every column of a data file in one pass: types, missing values, statistics, repeated rows. */
import { setImmediate } from 'node:timers/promises';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import type { TextEncodingName } from '../../shared/model/data.ts';
import type {
  ColumnReport,
  FoundEncoding,
  TableReport,
  TableRow,
} from '../../shared/protocol/dataReport.ts';
import { growing, ownText, type Cell } from '../data/columns.ts';
import { fileMark, fileText, type ReadOptions } from '../data/fileText.ts';
import { headSize } from '../data/headRows.ts';
import { numberReader } from '../data/numberForm.ts';
import type { FileFormat } from '../data/preprocessing.ts';
import { readRows } from '../data/readTable.ts';
import { lineDiagnostic, rowProblems, type RowProblems } from '../data/rowProblems.ts';
import type { RowSink } from '../data/rowSink.ts';
import { NotUtf8 } from '../data/textDecoding.ts';
import { chooseForms, type ChosenForms } from './chooseForms.ts';
import { createColumnProfile, type ColumnProfile } from './columnProfile.ts';
import { createHash53, findRepeats } from '../data/hashRows.ts';
import { headerProblems } from './headerProblems.ts';

export interface InspectOptions extends ReadOptions {
  readonly format: FileFormat;
  /** Of CSV; null to find it out. */
  readonly delimiter: string | null;
  /** Undefined to find it out. */
  readonly encoding?: TextEncodingName | undefined;
}

/**
 * Holds 8 bytes for each cell while it reads. Where numbers turn out to be written as programs do not write them,
 * the file is read once more, with that known; and once more where it is not in UTF-8.
 * @throws AppError `data.read` when the file cannot be read; the abort reason when cancelled.
 */
export async function inspectTable(file: string, options: InspectOptions): Promise<TableReport> {
  const { encoding, ...found } = await readProfile(file, options);
  const { forms, problems, profile } = found;
  const { names, profiles, rows, firstRows } = profile;
  const columns: ColumnReport[] = [];
  for (const [i, name] of names.entries()) {
    await setImmediate(); // sorting a column can take 100 ms: requests are answered in between
    options.signal?.throwIfAborted();
    columns.push(profiles[i]!.finish(name));
  }
  const duplicates = profile.duplicates();
  const header = headerProblems(columns).map((problem) => lineDiagnostic(file, problem));
  const diagnostics = [...header, ...problems.diagnostics()];
  const { writing } = forms;
  return { file, rows, columns, firstRows, encoding, writing, duplicates, diagnostics };
}

interface TableProfile {
  readonly problems: RowProblems;
  readonly profile: ReturnType<typeof profileTable>;
  readonly forms: ChosenForms;
  readonly encoding: FoundEncoding | null;
}

async function readProfile(file: string, options: InspectOptions): Promise<TableProfile> {
  const encoding = await firstEncoding(file, options);
  try {
    return await readForms(file, { ...options, encoding: encoding?.name }, encoding);
  } catch (error) {
    const cause = error instanceof AppError ? error.cause : null;
    if (options.encoding !== undefined || !(cause instanceof NotUtf8)) throw error;
    const { likely: name, line } = cause;
    return readForms(file, { ...options, encoding: name }, { name, line });
  }
}

async function readForms(
  file: string,
  options: InspectOptions,
  encoding: FoundEncoding | null,
): Promise<TableProfile> {
  const first = await readOnce(file, options, { writing: null, units: [] });
  const forms = chooseForms(first.profile.profiles.map((column) => column.tally()));
  const isPlain = forms.writing === null && forms.units.every((unit) => unit === null);
  const read = isPlain ? first : await readOnce(file, options, forms);
  return { ...read, forms, encoding };
}

async function readOnce(file: string, options: InspectOptions, forms: ChosenForms) {
  const problems = rowProblems(file);
  const profile = profileTable(problems, forms);
  await readRows(fileText(file, options).pieces, options, profile);
  return { problems, profile };
}

/** What the config or a byte order mark says; null for UTF-8. */
async function firstEncoding(
  file: string,
  { encoding }: InspectOptions,
): Promise<FoundEncoding | null> {
  const name = (await fileMark(file)) ?? encoding ?? 'utf-8';
  return name === 'utf-8' ? null : { name, line: null };
}

function profileTable(problems: RowProblems, { writing, units }: ChosenForms) {
  const hash = createHash53();
  const hashes = growing((size) => new Float64Array(size));
  const lines = growing((size) => new Int32Array(size));
  const table = {
    names: [] as readonly string[],
    profiles: [] as readonly ColumnProfile[],
    rows: 0,
    firstRows: [] as TableRow[],
    header(names: readonly string[]): void {
      table.names = names;
      table.profiles = names.map((_, i) => {
        const unit = units[i] ?? null;
        return createColumnProfile(numberReader(writing ?? {}, unit), unit);
      });
    },
    row(cells: readonly Cell[], line: number): void {
      if (table.rows++ < headSize) table.firstRows.push({ line, cells: cells.map(shownText) });
      cells.forEach((cell, i) => {
        table.profiles[i]!.add(cell, line);
        hash.addText(cellText(cell));
        hash.add(0x1f); // ends a cell: ["ab", "c"] is not ["a", "bc"]
      });
      hashes.push(hash.take());
      lines.push(line);
    },
    problem(line: number, message: string): void {
      problems.add({ code: 'data.brokenRow', line, column: '', message: say`this row ${message}` });
    },
    duplicates(): TableReport['duplicates'] {
      const { count, examples } = findRepeats(hashes.finish());
      const lineOf = lines.finish();
      return {
        rows: count,
        examples: examples.map(({ at, first }) => ({
          line: lineOf[at]!,
          firstLine: lineOf[first]!,
        })),
      };
    },
  };
  return table satisfies RowSink;
}

/** As a view has room for it. */
const longestText = 80;

function shownText(cell: Cell): string {
  const text = cell === null ? '' : cellText(cell);
  return ownText(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
}

function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? '');
}
