import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import type { Dimensions } from './image.ts';
import {
  type Incoming,
  type Layer,
  type LayerProblem,
  type LayerRule,
  batchSize,
  plainLayer,
} from './layer.ts';
import { type SlidingWindow, slideOver } from './slidingWindow.ts';

type Pool = (b: Builder, x: Node, window: SlidingWindow) => Node;

export const maxPooling1d: LayerRule<LayerOf<'MaxPooling1D'>> = (config, incoming) =>
  pooling(1, { ...config, pool: largest }, incoming);
export const maxPooling2d: LayerRule<LayerOf<'MaxPooling2D'>> = (config, incoming) =>
  pooling(2, { ...config, pool: largest }, incoming);
export const averagePooling1d: LayerRule<LayerOf<'AveragePooling1D'>> = (config, incoming) =>
  pooling(1, { ...config, pool: mean }, incoming);
export const averagePooling2d: LayerRule<LayerOf<'AveragePooling2D'>> = (config, incoming) =>
  pooling(2, { ...config, pool: mean }, incoming);

interface PoolConfig {
  readonly pool_size: number | readonly number[];
  readonly strides: number | readonly number[] | null;
  readonly padding: 'valid' | 'same';
  readonly pool: Pool;
}

function pooling(
  dimensions: Dimensions,
  { pool_size: size, strides, padding, pool }: PoolConfig,
  { inputs: [input] }: Incoming,
): Layer | LayerProblem {
  const key = 'pool_size';
  const options = { key, size, strides: strides ?? size, dilation: 1, padding };
  const window = slideOver(dimensions, input, options);
  if ('problem' in window) return window;
  const outputShape = window.outputShape(window.image[2]);
  return plainLayer(outputShape, ([x], { builder: b }) => {
    const image = b.reshape(x, [batchSize(x), ...window.image]);
    return b.reshape(pool(b, image, window), [batchSize(x), ...outputShape]);
  });
}

const largest: Pool = (b, x, { size, geometry: { strides, padding } }) =>
  b.maxPool2d(x, { window: size, strides, padding });

/** The sum of a window is a convolution with ones; zeros of the padding are not counted. */
const mean: Pool = (b, x, window) => {
  const { size, image, geometry } = window;
  const channels = image[2];
  const ones = b.constant(1, [...size, 1, channels]);
  const sums = b.conv2d(x, ones, { ...geometry, groups: channels });
  return b.div(sums, countsOf(b, window));
};

/** How many values of the image each window has: one number if all are whole, else [rows, columns, 1]. */
function countsOf(b: Builder, { size, image, geometry, output }: SlidingWindow): Node {
  const { strides, padding } = geometry;
  if (padding.every((zeros) => zeros === 0)) return b.constant(elementCount(size));
  const along = (axis: 0 | 1): number[] =>
    Array.from({ length: output[axis] }, (_, i) => {
      const start = i * strides[axis] - padding[2 * axis]!;
      return Math.min(start + size[axis], image[axis]) - Math.max(start, 0);
    });
  const columns = along(1);
  const counts = along(0).flatMap((rows) => columns.map((count) => rows * count));
  return b.constant(counts, [...output, 1]);
}
