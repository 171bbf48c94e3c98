/** A JSON array of objects, or JSON Lines (an object a line), to rows. */
import type { Cell } from './columns.ts';
import type { RowSink } from './rowSink.ts';

type JsonRow = Readonly<Record<string, Cell>>;

/** `[{"a": 1}, ...]`; also `{"data": [...]}` is refused, so that it is clear which rows are read. */
export async function readJson(pieces: AsyncIterable<string>, sink: RowSink): Promise<void> {
  let text = '';
  for await (const piece of pieces) text += piece;
  const rows = parseArray(text, sink);
  const names = columnNames(rows);
  sink.header(names);
  const lineAt = elementLines(text);
  for (const row of rows) {
    const line = lineAt();
    if (isRow(row)) sink.row(pick(row, names), line);
    else sink.problem(line, 'is not an object like {"name": value, ...}');
  }
}

/** The first line names the columns; a key that only later lines have is a problem of those lines. */
export async function readJsonLines(pieces: AsyncIterable<string>, sink: RowSink): Promise<void> {
  let names: readonly string[] | null = null;
  let known = new Set<string>();
  let lineNumber = 0;
  for await (const line of textLines(pieces)) {
    lineNumber++;
    if (line.trim() === '') continue;
    const row = parseLine(line, (message) => sink.problem(lineNumber, message));
    if (row === null) continue;
    if (names === null) {
      names = Object.keys(row);
      known = new Set(names);
      sink.header(names);
    }
    const unknown = Object.keys(row).find((name) => !known.has(name));
    if (unknown === undefined) sink.row(pick(row, names), lineNumber);
    else sink.problem(lineNumber, `has the key "${unknown}", which the first line lacks`);
  }
  if (names === null) sink.header([]);
}

async function* textLines(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parseLine(line: string, report: (message: string) => void): JsonRow | null {
  try {
    const value: unknown = JSON.parse(line);
    if (isRow(value)) return value;
    report('is not an object like {"name": value, ...}');
  } catch (error) {
    report(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

function parseArray(text: string, sink: RowSink): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
    sink.problem(
      1,
      'starts no list: a JSON data file is a list of objects, [{"name": value}, ...]',
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    sink.problem(errorLine(text, message), `is not JSON: ${message}`);
  }
  return [];
}

/** V8 names the position of a syntax error in its message; without one the end of the text is meant. */
function errorLine(text: string, message: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  return before.split('\n').length;
}

function columnNames(rows: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const row of rows) if (isRow(row)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function isRow(value: unknown): value is JsonRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(row: JsonRow, names: readonly string[]): Cell[] {
  return names.map((name) => (Object.hasOwn(row, name) ? row[name] : null));
}

/** Each call gives the line of the next element of the array that `text` is; `text` is valid JSON. */
function elementLines(text: string): () => number {
  const token = /"(?:[^"\\]|\\.)*"|[\n[\]{},]|[^\s"[\]{},]+/g;
  let depth = 0;
  let line = 1;
  let atStart = false;
  return () => {
    for (let match = token.exec(text); match !== null; match = token.exec(text)) {
      const [found] = match;
      if (found === '\n') line++;
      else if (depth === 1 && (found === ',' || found === ']')) atStart = found === ',';
      else {
        const begins = depth === 1 && atStart;
        if (found === '[' || found === '{') depth++;
        if (found === ']' || found === '}') depth--;
        atStart = depth === 1 && !begins && found === '[';
        if (begins) return line;
      }
    }
    return line;
  };
}
