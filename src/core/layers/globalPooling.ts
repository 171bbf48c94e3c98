import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { ReduceFn } from '../ir/program.ts';
import { type Dimensions, imageProblem } from './image.ts';
import {
  type Incoming,
  type Layer,
  type LayerProblem,
  type LayerRule,
  plainLayer,
} from './layer.ts';

export const globalMaxPooling1d: LayerRule<LayerOf<'GlobalMaxPooling1D'>> = (config, incoming) =>
  globalPooling(1, { ...config, fn: 'max' }, incoming);
export const globalMaxPooling2d: LayerRule<LayerOf<'GlobalMaxPooling2D'>> = (config, incoming) =>
  globalPooling(2, { ...config, fn: 'max' }, incoming);
export const globalAveragePooling1d: LayerRule<LayerOf<'GlobalAveragePooling1D'>> = (
  config,
  incoming,
) => globalPooling(1, { ...config, fn: 'sum' }, incoming);
export const globalAveragePooling2d: LayerRule<LayerOf<'GlobalAveragePooling2D'>> = (
  config,
  incoming,
) => globalPooling(2, { ...config, fn: 'sum' }, incoming);

interface GlobalConfig {
  readonly keepdims: boolean;
  /** `sum` for the mean. */
  readonly fn: ReduceFn;
}

/** One value of each channel out of the whole image or sequence. */
function globalPooling(
  dimensions: Dimensions,
  { keepdims, fn }: GlobalConfig,
  { inputs: [input] }: Incoming,
): Layer | LayerProblem {
  const misfit = imageProblem(dimensions, input);
  if (misfit !== null) return misfit;
  const places = input.shape.slice(0, -1);
  const channels = input.shape.slice(-1);
  const axes = places.map((_, axis) => axis + 1);
  const outputShape = keepdims ? [...places.map(() => 1), ...channels] : channels;
  return plainLayer(outputShape, ([x], { builder: b }) => {
    const found = b.reduce(fn, x, axes, keepdims);
    return fn === 'sum' ? b.div(found, elementCount(places)) : found;
  });
}
