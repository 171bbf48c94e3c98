/** Append-only files of JSON, one value a line. A last line cut short by a crash does not count. */
import { readFile } from 'node:fs/promises';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';

export function encodeLine(value: unknown): string {
  return `${stringifyNumbers(value)}\n`;
}

export interface Lines {
  readonly values: readonly unknown[];
  /** Bytes after each line: a file truncated to `ends[i]` has i + 1 lines. */
  readonly ends: readonly number[];
}

/** Lines up to the first one that is not whole JSON; after a power loss the rest may be anything. */
export function decodeLines(bytes: Uint8Array): Lines {
  const values: unknown[] = [];
  const ends: number[] = [];
  const decoder = new TextDecoder();
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start) + 1;
    if (end === 0) break;
    try {
      values.push(JSON.parse(decoder.decode(bytes.subarray(start, end))));
    } catch {
      break; // Torn by a crash: nothing after it can be trusted.
    }
    ends.push(end);
    start = end;
  }
  return { values, ends };
}

/** No lines when the file does not exist: it is created by the first line. */
export async function readLines(file: string): Promise<Lines> {
  try {
    return decodeLines(await readFile(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { values: [], ends: [] };
    }
    throw error;
  }
}
