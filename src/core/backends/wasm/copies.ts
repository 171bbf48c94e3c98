/**
 * Copies of memory. Small ones share an ArrayBuffer: V8 allocates and frees each of its own outside of its
 * heap, which for a quick training took longer than the training.
 */
import type { TensorValues } from '../../../shared/tensor/tensorType.ts';

const sharedBytes = 1 << 16;
/** Larger copies get an ArrayBuffer of their own, so that they keep nothing else alive. */
const largestShared = 1 << 10;

export type Copy = (source: TensorValues, offset: number, count: number) => TensorValues;

/** A function that copies `count` values from `offset` on. */
export function createCopier(): Copy {
  let shared = new ArrayBuffer(0);
  let used = 0;
  return (source, offset, count) => {
    const bytes = count * source.BYTES_PER_ELEMENT;
    if (bytes > largestShared) return source.slice(offset, offset + count);
    if (used + bytes > shared.byteLength) {
      shared = new ArrayBuffer(sharedBytes);
      used = 0;
    }
    const copy = viewLike(source, shared, used, count);
    // A loop beats `set` here, which needs one more view.
    for (let i = 0; i < count; i++) copy[i] = source[offset + i]!;
    used += (bytes + 7) & ~7;
    return copy;
  };
}

function viewLike(
  source: TensorValues,
  buffer: ArrayBuffer,
  byteOffset: number,
  count: number,
): TensorValues {
  if (source instanceof Float32Array) return new Float32Array(buffer, byteOffset, count);
  if (source instanceof Int32Array) return new Int32Array(buffer, byteOffset, count);
  return new Uint8Array(buffer, byteOffset, count);
}
