/**
 * How our tensors are named and laid out elsewhere: one table for each tool, one row for each role that a
 * layer's tensor can have. Ours: dense kernels [in, out], convolution filters HWIO.
 */
import type { Shape } from '../../../shared/tensor/tensorType.ts';

export interface TensorLayout {
  /** Last part of the name in the other tool: `fc1/kernel` becomes `fc1.weight`. */
  readonly name: string;
  /** Axis i of theirs is axis `permutation[i]` of ours; as ours when absent. */
  readonly permutation?: readonly number[];
  /** Of the permuted shape, where theirs has other axes. */
  readonly reshape?: (permuted: Shape) => readonly number[];
  /** Order of the axes in theirs, for people. */
  readonly order: string;
}

/** torch.nn.Linear, Conv1d, Conv2d, ConvTranspose2d and the normalising modules, by role; ranks tell kernels apart. */
export const pytorchLayouts: Readonly<Record<string, TensorLayout>> = {
  'kernel/2': { name: 'weight', permutation: [1, 0], order: '[out, in]' },
  'kernel/3': { name: 'weight', permutation: [2, 1, 0], order: '[out, in, steps]' },
  'kernel/4': { name: 'weight', permutation: [3, 2, 0, 1], order: '[out, in, rows, columns]' },
  'pointwise_kernel/4': {
    name: 'weight',
    permutation: [3, 2, 0, 1],
    order: '[out, in, rows, columns]',
  },
  'depthwise_kernel/4': {
    name: 'weight',
    permutation: [2, 3, 0, 1],
    reshape: ([channels = 0, each = 0, ...window]) => [channels * each, 1, ...window],
    order: '[out, 1, rows, columns]',
  },
  'bias/1': { name: 'bias', order: '[out]' },
  'gamma/1': { name: 'weight', order: '[features]' },
  'beta/1': { name: 'bias', order: '[features]' },
  ...Object.fromEntries(
    [2, 3].flatMap((rank) => [
      [`gamma/${rank}`, { name: 'weight', order: '[axes]' }],
      [`beta/${rank}`, { name: 'bias', order: '[axes]' }],
    ]),
  ),
  'mean/1': { name: 'mean', order: '[features]' },
  'variance/1': { name: 'variance', order: '[features]' },
  'moving_mean/1': { name: 'running_mean', order: '[features]' },
  'moving_variance/1': { name: 'running_var', order: '[features]' },
};

/** Row-major values with the axes in another order: result axis i is axis `permutation[i]`. */
export function permuteAxes(
  values: Float32Array,
  shape: Shape,
  permutation: readonly number[],
): { shape: number[]; values: Float32Array } {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const newShape = permutation.map((axis) => shape[axis]!);
  const newStrides = permutation.map((axis) => strides[axis]!);
  const result = new Float32Array(values.length);
  const index = newShape.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    result[i] = values[index.reduce((at, position, axis) => at + position * newStrides[axis]!, 0)]!;
    for (let axis = index.length - 1; axis >= 0 && ++index[axis]! === newShape[axis]; axis--) {
      index[axis] = 0;
    }
  }
  return { shape: newShape, values: result };
}
