import type { LayerOf } from '../../shared/model/layers.ts';
import { type Pair, imageProblem, imageShape } from './image.ts';
import { type LayerRule, plainLayer } from './layer.ts';

/** Zeros around an image. */
export const zeroPadding2d: LayerRule<LayerOf<'ZeroPadding2D'>> = (
  { padding },
  { inputs: [input] },
) => {
  const misfit = imageProblem(2, input);
  if (misfit !== null) return misfit;
  const [[top, bottom], [left, right]] = sides(padding);
  const [rows, columns, channels] = imageShape(input.shape);
  const outputShape = [top + rows + bottom, left + columns + right, channels];
  return plainLayer(outputShape, ([x], { builder }) =>
    builder.pad(x, [0, top, left, 0], [0, bottom, right, 0]),
  );
};

function sides(padding: LayerOf<'ZeroPadding2D'>['padding']): readonly [Pair, Pair] {
  if (typeof padding === 'number') return sides([padding, padding]);
  return padding.map((both) => (typeof both === 'number' ? [both, both] : both)) as unknown as [
    Pair,
    Pair,
  ];
}
