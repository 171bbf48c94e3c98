/** CSV to rows by papaparse: quotes, line breaks in quotes, any delimiter; a first row of column names. */
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { RowSink } from './rowSink.ts';

export interface CsvResult {
  /** The delimiter given, or the one found. */
  readonly delimiter: string;
}

/**
 * Reads all pieces of a CSV text (line ends already `\n`, see fileText) into the sink.
 * Blank lines are skipped. Rejects with what the pieces throw.
 */
export async function readCsv(
  pieces: AsyncIterable<string>,
  delimiter: string | null,
  sink: RowSink,
): Promise<CsvResult> {
  const lines = lineCounter(pieces);
  const rows = csvRows(sink, lines);
  return new Promise<CsvResult>((resolve, reject) => {
    let found = delimiter ?? ',';
    Papa.parse<string[]>(Readable.from(lines.pieces), {
      delimiter: delimiter ?? guessDelimiter,
      newline: '\n',
      chunk: ({ data, errors, meta }) => {
        found = meta.delimiter;
        const broken = errors.find((error) => error.type === 'Quotes');
        rows.add(
          data,
          broken === undefined ? null : { row: broken.row ?? 0, message: broken.message },
        );
      },
      complete: () => {
        rows.end();
        resolve({ delimiter: found });
      },
      error: reject,
    });
  });
}

/** By the first rows, blank ones left out: in a small file they would outvote the others. */
function guessDelimiter(text: string): string {
  const options = { preview: 10, newline: '\n', skipEmptyLines: true } as const;
  return Papa.parse(text.slice(0, 1 << 16), options).meta.delimiter;
}

interface QuoteProblem {
  readonly row: number;
  readonly message: string;
}

/** Sends parsed rows on, with their line numbers; the first row is the header. */
function csvRows(sink: RowSink, lines: { readonly sawQuote: boolean }) {
  let width: number | null = null;
  let line = 1;
  const addRow = (cells: string[]): void => {
    if (cells.length === 1 && cells[0]!.trim() === '') return;
    if (width === null) {
      width = cells.length;
      sink.header(cells.map((name) => name.trim()));
    } else if (cells.length === width) sink.row(cells, line);
    else sink.problem(line, `has ${cells.length} cells where the header has ${width}`);
  };
  return {
    add(data: readonly string[][], broken: QuoteProblem | null): void {
      data.forEach((cells, i) => {
        if (broken?.row === i) sink.problem(line, `has a quote out of place: ${broken.message}`);
        else addRow(cells);
        line += lines.sawQuote ? linesOf(cells) : 1;
      });
    },
    end(): void {
      if (width === null) sink.header([]);
    },
  };
}

/** Only a quoted cell can hold a line break, so rows are searched for them only after the first quote. */
function lineCounter(pieces: AsyncIterable<string>) {
  const counter = { sawQuote: false, pieces: watch() };
  return counter;

  async function* watch(): AsyncGenerator<string, void> {
    for await (const piece of pieces) {
      counter.sawQuote ||= piece.includes('"');
      if (piece !== '') yield piece;
    }
  }
}

function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) {
    if (cell.includes('\n')) lines += cell.split('\n').length - 1;
  }
  return lines;
}
