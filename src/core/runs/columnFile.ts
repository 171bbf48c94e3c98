/**
 * A series of numbers, one per step, as an append-only file: a header of 128 bytes (a line of JSON
 * padded with spaces), then little-endian float32. Value i belongs to step i + `first`; a tail of less
 * than four bytes is a write cut short and does not count. Typed arrays have the byte order of the
 * machine: every platform we ship for is little-endian.
 */
import { readFile } from 'node:fs/promises';
import { AppError, errorMessage, invariant } from '../../shared/errors.ts';

export const headerBytes = 128;

export interface ColumnHeader {
  readonly format: 'f32le';
  readonly series: string;
  /** Step of the first value, counted from 0. */
  readonly first: number;
}

export interface Column {
  readonly header: ColumnHeader;
  readonly values: Float32Array;
}

export function columnHeader(series: string, first = 0): Uint8Array {
  const header: ColumnHeader = { format: 'f32le', series, first };
  const bytes = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(headerBytes).fill(0x20);
  invariant(bytes.length < headerBytes, `the name of series ${series} is too long`);
  padded.set(bytes);
  padded[headerBytes - 1] = 0x0a;
  return padded;
}

export function encodeColumn(column: Column): Uint8Array {
  const { header, values } = column;
  const bytes = new Uint8Array(headerBytes + values.byteLength);
  bytes.set(columnHeader(header.series, header.first));
  bytes.set(float32Bytes(values), headerBytes);
  return bytes;
}

export function decodeColumn(bytes: Uint8Array): Column {
  const text = new TextDecoder().decode(bytes.subarray(0, headerBytes));
  const header = JSON.parse(text) as Partial<ColumnHeader>;
  const { format, series, first } = header;
  if (format !== 'f32le' || typeof series !== 'string' || typeof first !== 'number') {
    throw new SyntaxError('not a column header');
  }
  const count = Math.floor((bytes.length - headerBytes) / 4);
  const values = new Float32Array(count);
  float32Bytes(values).set(bytes.subarray(headerBytes, headerBytes + count * 4));
  return { header: { format, series, first }, values };
}

/** @throws AppError `run.corrupt` when the header is damaged. */
export async function readColumn(file: string): Promise<Column> {
  const bytes = await readFile(file);
  try {
    return decodeColumn(bytes);
  } catch (error) {
    throw new AppError('run.corrupt', `${file} is damaged: ${errorMessage(error)}`);
  }
}

export function float32Bytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
