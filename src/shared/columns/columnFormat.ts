/**
 * The file of a series, one number per step: a header of 128 bytes (a line of JSON in ASCII, padded with
 * spaces), then little-endian float32, appended. Value i belongs to step i + `first`; a tail of less than
 * four bytes is a write cut short and does not count. Typed arrays have the byte order of the machine:
 * every platform we ship for is little-endian.
 */
import { invariant } from '../errors.ts';
import { say } from '../language.ts';

export const headerBytes = 128;

export interface ColumnHeader {
  readonly format: 'f32le';
  readonly series: string;
  /** Step of the first value, counted from 0. */
  readonly first: number;
}

export function columnHeader(series: string, first = 0): Uint8Array {
  const header: ColumnHeader = { format: 'f32le', series, first };
  const text = escapeToAscii(JSON.stringify(header));
  invariant(text.length < headerBytes, `the name of series ${series} is too long`);
  const line = `${text.padEnd(headerBytes - 1)}\n`;
  return Uint8Array.from(line, (character) => character.charCodeAt(0));
}

/** @throws SyntaxError when the bytes do not begin with a header. */
export function parseColumnHeader(bytes: Uint8Array): ColumnHeader {
  const text = String.fromCharCode(...bytes.subarray(0, headerBytes));
  const header = JSON.parse(text) as Partial<ColumnHeader> | null;
  const { format, series, first } = header ?? {};
  if (format !== 'f32le' || typeof series !== 'string' || typeof first !== 'number') {
    throw new SyntaxError(say('it has no column header'));
  }
  return { format, series, first };
}

/** How many whole values a file of this size holds. */
export function columnLength(fileBytes: number): number {
  return Math.max(0, Math.floor((fileBytes - headerBytes) / 4));
}

function escapeToAscii(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
