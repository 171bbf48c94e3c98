/**
 * The safetensors format (huggingface/safetensors, "Format"): eight bytes with the length of the header,
 * the header as JSON, then the tensors row-major, little-endian, without gaps.
 */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import {
  allocate,
  elementCount,
  type DType,
  type Shape,
  type TensorValues,
} from '../../shared/tensor/tensorType.ts';

export interface NamedTensor {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: Shape;
  readonly values: TensorValues;
}

/** `bool` values are kept in words on devices and never stored in files. */
export type StoredDType = Exclude<DType, 'bool'>;

export interface Safetensors {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypeCodes: Readonly<Record<StoredDType, string>> = { f32: 'F32', i32: 'I32', u8: 'U8' };
const lengthBytes = 8;

export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, dtype, shape, values } of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: dtypeCodes[dtype], shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces after the header align the data, as the format recommends.
  const dataStart = lengthBytes + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + end).fill(0x20, lengthBytes, dataStart);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - lengthBytes), true);
  bytes.set(text, lengthBytes);
  let at = dataStart;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/** @throws AppError `run.corrupt` naming `file` when the bytes are not a whole safetensors file. */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new AppError('run.corrupt', say`${file} is not a whole safetensors file`, { cause });
  }
}

export interface TensorEntry {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [number, number];
}

/** Where the tensors of a file lie. */
export interface SafetensorsHeader {
  readonly entries: Readonly<Record<string, TensorEntry>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** `data_offsets` count from here. */
  readonly dataStart: number;
}

/** Reads the header alone; `read` gives so many bytes of the file from an offset. */
export async function readSafetensorsHeader(
  read: (at: number, length: number) => Promise<Uint8Array>,
): Promise<SafetensorsHeader> {
  const length = headerLength(await read(0, lengthBytes));
  return parseHeader(await read(lengthBytes, length));
}

function decode(bytes: Uint8Array): Safetensors {
  const length = headerLength(bytes);
  const header = parseHeader(bytes.subarray(lengthBytes, lengthBytes + length));
  const { entries, metadata, dataStart } = header;
  const tensors = Object.entries(entries).map(([name, entry]) => {
    const [begin, end] = entry.data_offsets;
    return decodeSafetensorsTensor(name, entry, bytes.subarray(dataStart + begin, dataStart + end));
  });
  return { tensors, metadata };
}

function headerLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Number(view.getBigUint64(0, true));
}

function parseHeader(bytes: Uint8Array): SafetensorsHeader {
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    new TextDecoder().decode(bytes),
  ) as Record<string, TensorEntry> & { __metadata__?: Record<string, string> };
  return { entries, metadata, dataStart: lengthBytes + bytes.length };
}

/** `data` are the bytes of this tensor alone. @throws RangeError where they do not fit. */
export function decodeSafetensorsTensor(
  name: string,
  entry: TensorEntry,
  data: Uint8Array,
): NamedTensor {
  const dtype = (Object.keys(dtypeCodes) as StoredDType[]).find(
    (d) => dtypeCodes[d] === entry.dtype,
  );
  if (dtype === undefined) throw new RangeError(`dtype ${entry.dtype} of ${name}`);
  const values = allocate({ dtype, shape: entry.shape });
  if (values.byteLength !== data.length) {
    throw new RangeError(`${name}: ${data.length} bytes for ${elementCount(entry.shape)} elements`);
  }
  new Uint8Array(values.buffer).set(data);
  return { name, dtype, shape: entry.shape, values };
}
