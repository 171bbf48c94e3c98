/** Convolutions that slide over what comes in. Kernels as in Keras: [rows, columns, in, out]. */
import type { LayerOf } from '../../shared/model/layers.ts';
import { say } from '../../shared/language.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { ForwardContext, ModelTensor } from '../graph/model.ts';
import type { Node } from '../ir/program.ts';
import type { Dimensions } from './image.ts';
import {
  type Incoming,
  type Layer,
  type LayerProblem,
  type LayerRule,
  batchSize,
} from './layer.ts';
import { type SlidingWindow, slideOver } from './slidingWindow.ts';
import { biasTensors, weightTensor } from './weightTensors.ts';

type Config = LayerOf<'Conv1D' | 'Conv2D'>;

/** Tensors: `kernel` [steps, in / groups, filters], `bias` [filters]. */
export const conv1d: LayerRule<LayerOf<'Conv1D'>> = (config, incoming) =>
  convolution(1, config, incoming);

/** Tensors: `kernel` [rows, columns, in / groups, filters], `bias` [filters]. */
export const conv2d: LayerRule<LayerOf<'Conv2D'>> = (config, incoming) =>
  convolution(2, config, incoming);

function convolution(
  dimensions: Dimensions,
  config: Config,
  { name, inputs: [input] }: Incoming,
): Layer | LayerProblem {
  const window = slideOver(dimensions, input, {
    key: 'kernel_size',
    size: config.kernel_size,
    strides: config.strides,
    dilation: config.dilation_rate,
    padding: config.padding,
  });
  if ('problem' in window) return window;
  const outputShape = window.outputShape(config.filters);
  const misfit = groupsProblem(config, window.image[2]);
  if (misfit !== null) return { ...misfit, outputShape };
  const { groups } = config;
  return {
    outputShape,
    tensors: tensors(dimensions, config, { name, window }),
    activation: config.activation,
    lower: ([x], context) => {
      const y = convolve(context, { x, kernel: `${name}/kernel`, window, groups });
      return finish(context, y, { config, name, outputShape });
    },
  };
}

function groupsProblem({ groups, filters }: Config, channels: number): LayerProblem | null {
  if (channels % groups !== 0) {
    const problem = say`cannot share out ${channels} channels to ${groups} groups`;
    return { problem, path: ['groups'], hint: say`use a divisor of ${channels}` };
  }
  if (filters % groups === 0) return null;
  const problem = say`cannot share out ${filters} filters to ${groups} groups`;
  return { problem, path: ['groups'], hint: say`use a divisor of ${filters}` };
}

interface Site {
  readonly name: string;
  readonly window: SlidingWindow;
}

function tensors(
  dimensions: Dimensions,
  config: Config,
  { name, window: { size, image } }: Site,
): ModelTensor[] {
  const { filters } = config;
  const inputs = image[2] / config.groups;
  const places = size[0] * size[1];
  const shape = [...size.slice(2 - dimensions), inputs, filters];
  const fans = { fanIn: places * inputs, fanOut: places * filters };
  const initializer = config.kernel_initializer;
  return [
    weightTensor(`${name}/kernel`, shape, { initializer, fans }),
    ...biasTensors(config, { name, size: filters, fans }),
  ];
}

interface Convolve {
  readonly x: Node;
  /** Name of its tensor, of which the last two axes may also be [channels, outputs of each]. */
  readonly kernel: string;
  readonly window: SlidingWindow;
  readonly groups: number;
}

/** [batch, rows, columns, out] of a sequence too. */
export function convolve(context: ForwardContext, { x, kernel, window, groups }: Convolve): Node {
  const b = context.builder;
  const { size, image, geometry } = window;
  const weights = context.tensor(kernel);
  const inputs = image[2] / groups;
  const outputs = elementCount(weights.type.shape) / (size[0] * size[1] * inputs);
  return b.conv2d(
    b.reshape(x, [batchSize(x), ...image]),
    b.reshape(weights, [...size, inputs, outputs]),
    { ...geometry, groups },
  );
}

interface Finish {
  readonly config: { readonly use_bias: boolean };
  readonly name: string;
  readonly outputShape: readonly number[];
}

/** Adds the bias of the layer, if it has one. */
export function finish(
  context: ForwardContext,
  y: Node,
  { config, name, outputShape }: Finish,
): Node {
  const b = context.builder;
  const sum = config.use_bias ? b.add(y, context.tensor(`${name}/bias`)) : y;
  return b.reshape(sum, [batchSize(y), ...outputShape]);
}
