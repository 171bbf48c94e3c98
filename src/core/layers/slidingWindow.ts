/** Where windows lie that slide over rows and columns, as convolutions and pooling have them. */
import { say } from '../../shared/language.ts';
import type { ConvGeometry } from '../ir/program.ts';
import {
  type Dimensions,
  type Pair,
  asPair,
  imageProblem,
  imageShape,
  withoutRow,
} from './image.ts';
import { type IncomingTensor, type LayerProblem, printBatch } from './layer.ts';

export type Padding = 'valid' | 'same' | 'causal';

export interface WindowConfig {
  /** Of the window, as the config calls it: `kernel_size`. */
  readonly key: string;
  readonly size: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly dilation: number | readonly number[];
  readonly padding: Padding;
}

/** A layer's windows over what comes in. */
export interface SlidingWindow {
  readonly size: Pair;
  /** `groups` is 1. */
  readonly geometry: ConvGeometry;
  /** [rows, columns, channels] of what comes in. */
  readonly image: readonly [number, number, number];
  /** Rows and columns of the result. */
  readonly output: Pair;
  /** Shape of a result with so many channels. */
  readonly outputShape: (channels: number) => readonly number[];
}

/** A problem when the input is no image, or no window fits. */
export function slideOver(
  dimensions: Dimensions,
  input: IncomingTensor,
  config: WindowConfig,
): SlidingWindow | LayerProblem {
  const misfit = imageProblem(dimensions, input);
  if (misfit !== null) return misfit;
  const image = imageShape(input.shape);
  const size = asPair(dimensions, config.size);
  const strides = asPair(dimensions, config.strides);
  const dilation = asPair(dimensions, config.dilation);
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    placeWindow({
      length: image[axis],
      window: (size[axis] - 1) * dilation[axis] + 1,
      stride: strides[axis],
      padding: axis === 0 && dimensions === 1 ? 'valid' : config.padding,
    }),
  ) as [Place, Place];
  const output: Pair = [rows.count, columns.count];
  if (rows.count < 1 || columns.count < 1) return tooSmall(input, config);
  const padding = [rows.before, rows.after, columns.before, columns.after] as const;
  return {
    size,
    geometry: { strides, padding, dilation, groups: 1 },
    image,
    output,
    outputShape: (channels) => withoutRow(dimensions, output, channels),
  };
}

interface Axis {
  /** Of what comes in. */
  readonly length: number;
  /** From the first to the last place of a window. */
  readonly window: number;
  readonly stride: number;
  readonly padding: Padding;
}

interface Place {
  /** Zeros before and after. */
  readonly before: number;
  readonly after: number;
  /** Windows, below 1 when none fits. */
  readonly count: number;
}

/** `same` as TensorFlow has it: as many windows as strides begin in the input, the odd zero after it. */
export function placeWindow({ length, window, stride, padding }: Axis): Place {
  if (padding === 'same') {
    const count = Math.ceil(length / stride);
    const zeros = Math.max((count - 1) * stride + window - length, 0);
    const before = Math.floor(zeros / 2);
    return { before, after: zeros - before, count };
  }
  const before = padding === 'causal' ? window - 1 : 0;
  return { before, after: 0, count: Math.floor((length + before - window) / stride) + 1 };
}

function tooSmall(
  { shape, from }: IncomingTensor,
  { key, size, dilation }: WindowConfig,
): LayerProblem {
  const written = (value: unknown) => JSON.stringify(value).replaceAll(',', ', ');
  const dilated = [dilation].flat().some((rate) => rate > 1);
  const window = dilated
    ? `\`${key}: ${written(size)}\`, \`dilation_rate: ${written(dilation)}\``
    : `\`${key}: ${written(size)}\``;
  return {
    problem: say`${window} is larger than what comes in: ${printBatch(shape)} from ${from}`,
    path: [key],
    hint: say('use a smaller one, or `padding: same`'),
  };
}
