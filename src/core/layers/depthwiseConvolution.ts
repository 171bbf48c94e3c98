/** Convolutions of each channel on its own, alone or with one of 1 x 1 after it. */
import type { InitializerConfig } from '../../shared/model/initializers.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import type { ModelTensor } from '../graph/model.ts';
import { convolve, finish } from './convolution.ts';
import type { Incoming, IncomingTensor, LayerProblem, LayerRule } from './layer.ts';
import { type SlidingWindow, slideOver } from './slidingWindow.ts';
import { biasTensors, weightTensor } from './weightTensors.ts';

type Config = LayerOf<'DepthwiseConv2D' | 'SeparableConv2D'>;

/** Tensors: `depthwise_kernel` [rows, columns, channels, depth_multiplier], `bias`. */
export const depthwiseConv2d: LayerRule<LayerOf<'DepthwiseConv2D'>> = (config, incoming) => {
  const { name, inputs } = incoming;
  const window = windowOf(config, inputs[0]);
  if ('problem' in window) return window;
  const channels = window.image[2];
  const outputShape = window.outputShape(channels * config.depth_multiplier);
  const kernel = depthwiseKernel(config, incoming, window);
  const size = channels * config.depth_multiplier;
  return {
    outputShape,
    tensors: [kernel.tensor, ...biasTensors(config, { name, size, fans: kernel.fans })],
    activation: config.activation,
    lower: ([x], context) => {
      const y = convolve(context, { x, kernel: kernel.tensor.name, window, groups: channels });
      return finish(context, y, { config, name, outputShape });
    },
  };
};

/**
 * Tensors: `depthwise_kernel` [rows, columns, channels, depth_multiplier],
 * `pointwise_kernel` [1, 1, channels * depth_multiplier, filters], `bias` [filters].
 */
export const separableConv2d: LayerRule<LayerOf<'SeparableConv2D'>> = (config, incoming) => {
  const { name, inputs } = incoming;
  const { filters } = config;
  const window = windowOf(config, inputs[0]);
  if ('problem' in window) return window;
  const outputShape = window.outputShape(filters);
  const between = window.image[2] * config.depth_multiplier;
  const depthwise = depthwiseKernel(config, incoming, window);
  const fans = { fanIn: between, fanOut: filters };
  const initializer = config.pointwise_initializer;
  const pointwise = weightTensor(`${name}/pointwise_kernel`, [1, 1, between, filters], {
    initializer,
    fans,
  });
  const onePlace = pointwiseWindow(window, between);
  return {
    outputShape,
    tensors: [depthwise.tensor, pointwise, ...biasTensors(config, { name, size: filters, fans })],
    activation: config.activation,
    lower: ([x], context) => {
      const groups = window.image[2];
      const each = convolve(context, { x, kernel: depthwise.tensor.name, window, groups });
      const y = convolve(context, {
        x: each,
        kernel: pointwise.name,
        window: onePlace,
        groups: 1,
      });
      return finish(context, y, { config, name, outputShape });
    },
  };
};

function windowOf(config: Config, input: IncomingTensor): SlidingWindow | LayerProblem {
  return slideOver(2, input, {
    key: 'kernel_size',
    size: config.kernel_size,
    strides: config.strides,
    dilation: config.dilation_rate,
    padding: config.padding,
  });
}

/** 1 x 1 over the result of `window`. */
function pointwiseWindow({ output, outputShape }: SlidingWindow, channels: number): SlidingWindow {
  return {
    size: [1, 1],
    geometry: { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 },
    image: [...output, channels],
    output,
    outputShape,
  };
}

interface DepthwiseKernel {
  readonly tensor: ModelTensor;
  readonly fans: { readonly fanIn: number; readonly fanOut: number };
}

/** Keras counts all channels as inputs of a unit, PyTorch the one that it sees. */
function depthwiseKernel(
  config: Config,
  { name }: Incoming,
  { size, image }: SlidingWindow,
): DepthwiseKernel {
  const { depth_multiplier: multiplier } = config;
  const initializer: InitializerConfig = config.depthwise_initializer;
  const channels = image[2];
  const places = size[0] * size[1];
  const isTorch = initializer.type === 'pytorch_default';
  const fans = {
    fanIn: isTorch ? places : places * channels,
    fanOut: places * multiplier,
  };
  const tensor = weightTensor(`${name}/depthwise_kernel`, [...size, channels, multiplier], {
    initializer,
    fans,
    drawnShape: [...size, 1, channels * multiplier],
  });
  return { tensor, fans };
}
