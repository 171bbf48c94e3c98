/** What a layer does in words; kinds that are told alike share a text. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { ExplainedLayer } from '../../src/shared/protocol/explainStep.ts';
import type { ExplainText } from '../../src/shared/protocol/views/explain.ts';
import { count, type Drawing } from './drawing.ts';

type Kind = ExplainedLayer['config']['type'];

const texts: Readonly<Record<Kind, ExplainText>> = {
  Activation: 'layer.Activation',
  Add: 'layer.Add',
  AveragePooling1D: 'layer.AveragePooling',
  AveragePooling2D: 'layer.AveragePooling',
  BatchNormalization: 'layer.BatchNormalization',
  Concatenate: 'layer.Concatenate',
  Conv1D: 'layer.Convolution1D',
  Conv2D: 'layer.Convolution',
  Conv2DTranspose: 'layer.TransposedConvolution',
  Dense: 'layer.Dense',
  DepthwiseConv2D: 'layer.DepthwiseConv2D',
  Dropout: 'layer.Dropout',
  Flatten: 'layer.Flatten',
  GlobalAveragePooling1D: 'layer.GlobalAveragePooling',
  GlobalAveragePooling2D: 'layer.GlobalAveragePooling',
  GlobalMaxPooling1D: 'layer.GlobalMaxPooling',
  GlobalMaxPooling2D: 'layer.GlobalMaxPooling',
  GroupNormalization: 'layer.GroupNormalization',
  Input: 'layer.Input',
  LayerNormalization: 'layer.LayerNormalization',
  MaxPooling1D: 'layer.MaxPooling',
  MaxPooling2D: 'layer.MaxPooling',
  Multiply: 'layer.Multiply',
  Normalization: 'layer.Normalization',
  Rescaling: 'layer.Rescaling',
  Reshape: 'layer.Reshape',
  SeparableConv2D: 'layer.SeparableConv2D',
  SpatialDropout2D: 'layer.SpatialDropout2D',
  UpSampling2D: 'layer.UpSampling2D',
  ZeroPadding2D: 'layer.ZeroPadding2D',
};

/** With its activation, where it has one that does something. */
export function layerText(drawing: Drawing, { config, outputShape }: ExplainedLayer): string {
  const percent = new Intl.NumberFormat(drawing.locale, { style: 'percent' });
  // Units of a dense layer and filters of a convolution are the last axis; no other text has a place for them.
  const size =
    'rate' in config ? percent.format(config.rate) : count(drawing, outputShape.at(-1) ?? 0);
  const text = fillIn(drawing.texts[texts[config.type]], size);
  if (!('activation' in config)) return text;
  return `${text} ${drawing.texts[`activation.${config.activation.type}`]}`;
}
