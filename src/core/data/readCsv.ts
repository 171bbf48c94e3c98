/** CSV to rows by papaparse: quotes, line breaks in quotes, any delimiter; a first row of column names. */
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { say } from '../../shared/language.ts';
import type { RowSink } from './rowSink.ts';

/**
 * Reads all pieces of a CSV text (line ends already `\n`, see fileText) into the sink.
 * Blank lines are skipped. Rejects with what the pieces throw.
 */
export async function readCsv(
  pieces: AsyncIterable<string>,
  delimiter: string | null,
  sink: RowSink,
): Promise<void> {
  const lines = lineCounter(pieces);
  const rows = csvRows(sink, lines);
  return new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(Readable.from(lines.pieces), {
      delimiter: delimiter ?? guessDelimiter,
      newline: '\n',
      chunk: ({ data, errors }) => {
        rows.add(
          data,
          new Map(errors.filter(isQuoteError).map((e) => [e.row ?? 0, quoteProblem(e)])),
        );
      },
      complete: () => {
        rows.end();
        resolve();
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

function isQuoteError({ type }: Papa.ParseError): boolean {
  return type === 'Quotes';
}

/** The predicate of a sentence on the row, as a RowSink takes it. */
function quoteProblem({ code }: Papa.ParseError): string {
  return code === 'MissingQuotes'
    ? say('has a quote out of place: it is never closed')
    : say('has a quote out of place: it ends before its cell');
}

function unevenRow(cells: number, width: number): string {
  return cells === 1
    ? say`has 1 cell where the header has ${width}`
    : say`has ${cells} cells where the header has ${width}`;
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
    else sink.problem(line, unevenRow(cells.length, width));
  };
  return {
    /** `broken` has what is wrong with a row, by its place in `data`. */
    add(data: readonly string[][], broken: ReadonlyMap<number, string>): void {
      data.forEach((cells, i) => {
        const problem = broken.get(i);
        if (problem === undefined) addRow(cells);
        else sink.problem(line, problem);
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
