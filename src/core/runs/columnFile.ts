/** Reading and encoding whole column files; shared/columns says how they are laid out. */
import { open, readFile } from 'node:fs/promises';
import {
  columnHeader,
  columnLength,
  headerBytes,
  parseColumnHeader,
  type ColumnHeader,
} from '../../shared/columns/columnFormat.ts';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';

export { columnHeader, headerBytes };

export interface Column {
  readonly header: ColumnHeader;
  readonly values: Float32Array;
}

export function encodeColumn(column: Column): Uint8Array {
  const { header, values } = column;
  const bytes = new Uint8Array(headerBytes + values.byteLength);
  bytes.set(columnHeader(header.series, header.first));
  bytes.set(float32Bytes(values), headerBytes);
  return bytes;
}

export function decodeColumn(bytes: Uint8Array): Column {
  const header = parseColumnHeader(bytes);
  const count = columnLength(bytes.length);
  const values = new Float32Array(count);
  float32Bytes(values).set(bytes.subarray(headerBytes, headerBytes + count * 4));
  return { header, values };
}

/** @throws AppError `run.corrupt` when the header is damaged. */
export async function readColumn(file: string): Promise<Column> {
  const bytes = await readFile(file);
  try {
    return decodeColumn(bytes);
  } catch (error) {
    throw new AppError('run.corrupt', say`${file} is damaged: ${errorMessage(error)}`);
  }
}

/** The value of a step or epoch, counted from 1; null where the file does not have it. */
export async function readValue(file: string, number: number): Promise<number | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const bytes = new Uint8Array(4);
    const { bytesRead } = await handle.read(bytes, 0, 4, headerBytes + 4 * (number - 1));
    return bytesRead < 4 ? null : new DataView(bytes.buffer).getFloat32(0, true);
  } finally {
    await handle.close();
  }
}

export function float32Bytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
