/**
 * TensorFlow.js as this backend sees it. The module is given by whoever loads it (`tfjs-node-gpu`, or plain `tfjs` in
 * tests), so that nothing of it is loaded where it is not used.
 */
import type { Tensor } from '@tensorflow/tfjs';
import {
  type DType,
  type TensorType,
  type TensorValues,
  allocate,
} from '../../../shared/tensor/tensorType.ts';

export type { Tensor } from '@tensorflow/tfjs';
export type TensorFlow = typeof import('@tensorflow/tfjs');

/** TensorFlow.js has no bytes: they take four times the room there. */
export const tfTypes = { f32: 'float32', i32: 'int32', u8: 'int32', bool: 'bool' } as const;

/** What the lowering of one node works with. */
export interface Lowering {
  readonly tf: TensorFlow;
  /** Whether `tf.maximum` and `tf.minimum` give NaN when an operand is NaN; builds of TensorFlow differ. */
  readonly keepsNaN: boolean;
  /** Takes a tensor that only this node needs, to be disposed of when it is computed, and gives it back. */
  readonly use: (scratch: Tensor) => Tensor;
}

/** Row-major `values` on the device. */
export function upload(tf: TensorFlow, values: TensorValues, { dtype, shape }: TensorType): Tensor {
  const typed =
    dtype === 'f32'
      ? Float32Array.from(values)
      : dtype === 'bool'
        ? Uint8Array.from(values)
        : Int32Array.from(values);
  return tf.tensor(typed, [...shape], tfTypes[dtype]);
}

/** What TensorFlow.js gives back, in the array type of `type`. */
export function typedValues(values: ArrayLike<number>, type: TensorType): TensorValues {
  const typed = allocate(type);
  typed.set(values);
  return typed;
}

export function scalar(tf: TensorFlow, value: number, dtype: DType): Tensor {
  return upload(tf, dtype === 'f32' ? Float32Array.of(value) : Int32Array.of(value), {
    dtype,
    shape: [],
  });
}

/** Measured on more elements than a vector register holds. */
export function keepsNaN(tf: TensorFlow): boolean {
  const numbers = tf.fill([33], 1);
  const missing = tf.fill([33], NaN);
  const results = [
    tf.maximum(numbers, missing),
    tf.maximum(missing, numbers),
    tf.minimum(numbers, missing),
    tf.minimum(missing, numbers),
  ];
  const kept = results.every((result) => [...result.dataSync()].every(Number.isNaN));
  tf.dispose([numbers, missing, ...results]);
  return kept;
}
