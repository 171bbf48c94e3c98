import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { type LayerRule, linear, printBatch } from './layer.ts';
import { affineTensors, applyAffine, momentsOver } from './normalization.ts';

/** Normalises each row along some axes. Tensors: `gamma`, `beta`, of the sizes of these axes. */
export const layerNormalization: LayerRule<LayerOf<'LayerNormalization'>> = (
  config,
  { name, inputs: [{ shape, from }] },
) => {
  const rank = shape.length + 1;
  const axes = [config.axis].flat().map((axis) => (axis < 0 ? axis + rank : axis));
  const wrong = axes.find((axis) => axis < 1 || axis >= rank);
  if (wrong !== undefined || new Set(axes).size < axes.length) {
    return {
      problem: say`expects different axes from 1 to ${rank - 1}, or from -${rank - 1} to -1, of ${printBatch(shape)} from ${from}`,
      path: ['axis'],
      outputShape: shape,
    };
  }
  axes.sort((a, b) => a - b);
  const sizes = axes.map((axis) => shape[axis - 1]!);
  const affineShape = shape.map((size, i) => (axes.includes(i + 1) ? size : 1));
  return {
    outputShape: shape,
    tensors: affineTensors(config, name, sizes),
    activation: linear,
    lower: ([x], context) => {
      const moments = momentsOver(context.builder, x, axes, true);
      return applyAffine(context, { config, name, x, moments, affineShape });
    },
  };
};
