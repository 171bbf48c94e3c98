/** A JSON array of objects, or JSON Lines (an object a line), to rows. */
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { Cell } from './columns.ts';
import type { RowSink } from './rowSink.ts';

type JsonRow = Readonly<Record<string, Cell>>;

/** Under the longest string that V8 can hold. */
const maxLength = 500_000_000;

function tooLong(): AppError {
  const message = say(
    'the JSON file is over 500 MB; as JSON Lines (an object a line) it can be read',
  );
  return new AppError('data.read', message);
}

/** `[{"a": 1}, ...]`. A key that a row lacks is a missing value. @throws AppError `data.read` when too long. */
export async function readJson(pieces: AsyncIterable<string>, sink: RowSink): Promise<void> {
  let text = '';
  for await (const piece of pieces) {
    if (text.length + piece.length > maxLength) throw tooLong();
    text += piece;
  }
  const rows = parseArray(text, sink);
  const names = columnNames(rows);
  sink.header(names);
  const places = elements(text);
  for (const row of rows) {
    const line = places.next().value?.line ?? 1;
    if (isRow(row)) sink.row(pick(row, names), line);
    else sink.problem(line, say('is not an object like {"name": value, ...}'));
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
    else sink.problem(lineNumber, say`has the key "${unknown}", which the first line lacks`);
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
    report(say('is not an object like {"name": value, ...}'));
  } catch (error) {
    report(say`is not JSON: ${errorMessage(error)}`);
  }
  return null;
}

function parseArray(text: string, sink: RowSink): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
    sink.problem(
      1,
      say('starts no list: a JSON data file is a list of objects, [{"name": value}, ...]'),
    );
  } catch (error) {
    sink.problem(errorLine(text), say`is not JSON: ${errorMessage(error)}`);
  }
  return [];
}

/** V8 does not always say where JSON is wrong: the line of the first element that is none, or the last line. */
function errorLine(text: string): number {
  let last = 1;
  for (const { line, source } of elements(text)) {
    if (!isJson(source)) return line;
    last = line;
  }
  return text.trim() === '' ? 1 : Math.max(last, text.trimEnd().split('\n').length);
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false; // being wrong is the answer here
  }
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

interface Element {
  /** Where it starts. */
  readonly line: number;
  readonly source: string;
}

/** The elements of the array that `text` is, or would be if it were not broken somewhere. */
function* elements(text: string): Generator<Element, void> {
  const token = /"(?:[^"\\]|\\.)*"|[\n[\]{},]|[^\s"[\]{},]+|"/g;
  let depth = 0;
  let line = 1;
  let start: { readonly line: number; readonly at: number } | null = null;
  for (const { 0: found, index } of text.matchAll(token)) {
    const isEnd = depth === 1 && (found === ',' || found === ']');
    if (isEnd && start !== null) yield { line: start.line, source: text.slice(start.at, index) };
    if (isEnd) start = null;
    else if (depth >= 1 && found !== '\n') start ??= { line, at: index };
    if (found === '\n') line++;
    if (found === '[' || found === '{') depth++;
    if (found === ']' || found === '}') depth--;
  }
  if (start !== null) yield { line: start.line, source: text.slice(start.at) };
}
