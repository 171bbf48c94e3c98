/** Looks at every column of a data file in one pass: types, missing values, statistics, repeated rows. */
import { setImmediate } from 'node:timers/promises';
import { say } from '../../shared/language.ts';
import type { ColumnReport, TableReport, TableRow } from '../../shared/protocol/dataReport.ts';
import { growing, ownText, type Cell } from '../data/columns.ts';
import { fileText, type ReadOptions } from '../data/fileText.ts';
import { headSize } from '../data/headRows.ts';
import type { FileFormat } from '../data/preprocessing.ts';
import { readRows } from '../data/readTable.ts';
import { lineDiagnostic, rowProblems, type RowProblems } from '../data/rowProblems.ts';
import type { RowSink } from '../data/rowSink.ts';
import { createColumnProfile, type ColumnProfile } from './columnProfile.ts';
import { createHash53, findRepeats } from './hashRows.ts';
import { headerProblems } from './headerProblems.ts';

export interface InspectOptions extends ReadOptions {
  readonly format: FileFormat;
  /** Of CSV; null to find it out. */
  readonly delimiter: string | null;
}

/**
 * Holds 8 bytes for each cell while it reads.
 * @throws AppError `data.read` when the file cannot be read; the abort reason when cancelled.
 */
export async function inspectTable(file: string, options: InspectOptions): Promise<TableReport> {
  const problems = rowProblems(file);
  const profile = profileTable(problems);
  await readRows(fileText(file, options).pieces, options, profile);
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
  return { file, rows, columns, firstRows, duplicates, diagnostics };
}

function profileTable(problems: RowProblems) {
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
      table.profiles = names.map(createColumnProfile);
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
