/** The table of layer kinds. */
import type { LayerConfig, LayerOf } from '../../shared/model/layers.ts';
import { activation } from './activation.ts';
import { conv1d, conv2d } from './convolution.ts';
import { conv2dTranspose } from './conv2dTranspose.ts';
import { depthwiseConv2d, separableConv2d } from './depthwiseConvolution.ts';
import {
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
} from './globalPooling.ts';
import { groupNormalization } from './groupNormalization.ts';
import { fixedNormalization, rescaling } from './fixedScaling.ts';
import { add, concatenate, multiply } from './merge.ts';
import { layerNormalization } from './layerNormalization.ts';
import { averagePooling1d, averagePooling2d, maxPooling1d, maxPooling2d } from './pooling.ts';
import { upSampling2d } from './upSampling.ts';
import { zeroPadding2d } from './zeroPadding.ts';
import { batchNormalization } from './batchNormalization.ts';
import { dense } from './dense.ts';
import { dropout, spatialDropout2d } from './dropout.ts';
import { flatten } from './flatten.ts';
import { inputLayer } from './input.ts';
import type { Incoming, Layer, LayerProblem, LayerRule } from './layer.ts';
import { reshape } from './reshape.ts';

const layerRules: { readonly [Type in LayerConfig['type']]: LayerRule<LayerOf<Type>> } = {
  Input: inputLayer,
  Dense: dense,
  Activation: activation,
  Dropout: dropout,
  Flatten: flatten,
  Reshape: reshape,
  SpatialDropout2D: spatialDropout2d,
  Conv1D: conv1d,
  Conv2D: conv2d,
  DepthwiseConv2D: depthwiseConv2d,
  SeparableConv2D: separableConv2d,
  Conv2DTranspose: conv2dTranspose,
  ZeroPadding2D: zeroPadding2d,
  UpSampling2D: upSampling2d,
  MaxPooling1D: maxPooling1d,
  MaxPooling2D: maxPooling2d,
  AveragePooling1D: averagePooling1d,
  AveragePooling2D: averagePooling2d,
  GlobalMaxPooling1D: globalMaxPooling1d,
  GlobalMaxPooling2D: globalMaxPooling2d,
  GlobalAveragePooling1D: globalAveragePooling1d,
  GlobalAveragePooling2D: globalAveragePooling2d,
  Rescaling: rescaling,
  Normalization: fixedNormalization,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  Add: add,
  Multiply: multiply,
  Concatenate: concatenate,
};

/** The layer that `config` makes of what comes in, or why it does not fit. */
export function inferLayer(config: LayerConfig, incoming: Incoming): Layer | LayerProblem {
  const rule = layerRules[config.type] as LayerRule<LayerConfig>;
  return rule(config, incoming);
}
