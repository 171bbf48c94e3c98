/** How numbers of each dtype are written in WGSL, and lie in memory: one u32 word each, pixels of data four to a word. */
import type { DType } from '../../../shared/tensor/tensorType.ts';

/** Type of a value in an expression; a u8 is a small u32. */
export function valueType(dtype: DType): string {
  return dtype === 'u8' ? 'u32' : dtype;
}

export function literal(value: number, dtype: DType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'i32') return `i32(${value})`;
  if (dtype === 'u8') return `${value}u`;
  return floatLiteral(Math.fround(value));
}

const smallestNormal = 2 ** -126;

/** WGSL has no literals for infinities, NaN and -0: those are made of their bits at run time. */
function floatLiteral(value: number): string {
  const isPlain = Number.isFinite(value) && Math.abs(value) >= smallestNormal;
  if (!isPlain && !Object.is(value, 0)) return `fromBits(${floatBits(value)}u)`;
  return value < 0 ? `(${value}f)` : `${value}f`;
}

function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/** The value in a word of memory. */
export function fromWord(word: string, dtype: DType): string {
  if (dtype === 'bool') return `${word} != 0u`;
  return dtype === 'u8' ? word : `bitcast<${dtype}>(${word})`;
}

export function toWord(value: string, dtype: DType): string {
  if (dtype === 'bool') return `select(0u, 1u, ${value})`;
  return dtype === 'u8' ? value : `bitcast<u32>(${value})`;
}
