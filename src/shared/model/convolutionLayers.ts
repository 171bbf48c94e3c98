/** Convolutions, with the names and defaults of Keras; images are `[rows, columns, channels]` (channels_last). */
import * as z from 'zod';
import { named, pairOf, windowPadding, type WeightKeys } from './layerKit.ts';
import { kind, positiveInteger } from './schemaKit.ts';

const filters = { filters: positiveInteger().describe('Number of output channels.') };
const groups = {
  groups: positiveInteger()
    .default(1)
    .describe('Parts of the channels that are convolved apart; divides channels and filters.'),
};
const depthMultiplier = {
  depth_multiplier: positiveInteger().default(1).describe('Outputs of each channel.'),
};

const dilation = {
  dilation_rate: pairOf()
    .default(1)
    .describe('Rows and columns from one value of a window to the next.'),
};
const kernelSize = { kernel_size: pairOf().describe('Rows and columns of the window.') };
const padding = { padding: windowPadding() };
const sliding = {
  ...kernelSize,
  strides: pairOf().default(1).describe('Rows and columns from one window to the next.'),
  ...padding,
  ...dilation,
};

function conv1dSchema(weights: WeightKeys) {
  return kind('Conv1D', 'Convolution over the steps of a sequence: [steps, channels].', {
    ...named,
    ...filters,
    kernel_size: positiveInteger().describe('Steps in the window.'),
    strides: positiveInteger().default(1).describe('Steps from one window to the next.'),
    padding: z
      .enum(['valid', 'same', 'causal'])
      .default('valid')
      .describe(
        'As for Conv2D; `causal`: zeros before the first step only, so that no step sees a later one.',
      ),
    dilation_rate: positiveInteger()
      .default(1)
      .describe('Steps from one value of a window to the next.'),
    ...groups,
    ...weights.result,
    kernel_initializer: weights.kernelInitializer,
    ...weights.bias,
  });
}

function conv2dSchema(weights: WeightKeys) {
  return kind('Conv2D', 'Convolution over an image: [rows, columns, channels].', {
    ...named,
    ...filters,
    ...sliding,
    ...groups,
    ...weights.result,
    kernel_initializer: weights.kernelInitializer,
    ...weights.bias,
  });
}

function depthwiseConv2dSchema(weights: WeightKeys) {
  return kind('DepthwiseConv2D', 'Convolution of each channel on its own.', {
    ...named,
    ...sliding,
    ...depthMultiplier,
    ...weights.result,
    depthwise_initializer: weights.kernelInitializer,
    ...weights.bias,
  });
}

function separableConv2dSchema(weights: WeightKeys) {
  return kind('SeparableConv2D', 'A depthwise convolution, then one of 1 x 1 over all channels.', {
    ...named,
    ...filters,
    ...sliding,
    ...depthMultiplier,
    ...weights.result,
    depthwise_initializer: weights.kernelInitializer,
    pointwise_initializer: weights.kernelInitializer,
    ...weights.bias,
  });
}

function conv2dTransposeSchema(weights: WeightKeys) {
  return kind('Conv2DTranspose', 'The way back of a convolution: makes images larger.', {
    ...named,
    ...filters,
    ...kernelSize,
    strides: pairOf().default(1).describe('Rows and columns of the result for each of the input.'),
    ...padding,
    ...dilation,
    ...weights.result,
    kernel_initializer: weights.kernelInitializer,
    ...weights.bias,
  });
}

function zeroPadding2dSchema() {
  const sides = z.array(z.array(z.int().min(0)).length(2)).length(2);
  return kind('ZeroPadding2D', 'Zeros around an image.', {
    ...named,
    padding: z
      .union([z.int().min(0), z.array(z.int().min(0)).length(2), sides])
      .default(1)
      .describe('On each side; `[rows, columns]`; or `[[top, bottom], [left, right]]`.'),
  });
}

function upSampling2dSchema() {
  return kind('UpSampling2D', 'Larger images: each value over several rows and columns.', {
    ...named,
    size: pairOf().default(2).describe('How many times the rows and columns.'),
    interpolation: z
      .enum(['nearest', 'bilinear'])
      .default('nearest')
      .describe('Repeat values, or pass from one to the next.'),
  });
}

export function convolutionSchemas(weights: WeightKeys) {
  return [
    conv1dSchema(weights),
    conv2dSchema(weights),
    depthwiseConv2dSchema(weights),
    separableConv2dSchema(weights),
    conv2dTransposeSchema(weights),
    zeroPadding2dSchema(),
    upSampling2dSchema(),
  ] as const;
}
