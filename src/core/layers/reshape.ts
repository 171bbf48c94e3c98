import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { type Shape, elementCount } from '../../shared/tensor/tensorType.ts';
import { type LayerProblem, type LayerRule, batchSize, plainLayer, printBatch } from './layer.ts';

/** The same values in another shape; one size may be -1: what is left. */
export const reshape: LayerRule<LayerOf<'Reshape'>> = (config, { inputs: [{ shape, from }] }) => {
  const target = config.target_shape;
  const count = elementCount(shape);
  const known = elementCount(target.filter((size) => size !== -1));
  const free = target.filter((size) => size === -1).length;
  const got = `${printBatch(shape)} (${count})`;
  if (free > 1) return misfit(say`expects at most one -1 in target_shape, finds ${free}`);
  if (free === 1 && count % known !== 0) {
    return misfit(say`expects a multiple of ${known} values a row, gets ${got} from ${from}`);
  }
  if (free === 0 && count !== known) {
    return misfit(
      say`expects ${known} values a row for ${printBatch(target)}, gets ${got} from ${from}`,
      target,
    );
  }
  const outputShape = target.map((size) => (size === -1 ? count / known : size));
  return plainLayer(outputShape, ([x], { builder }) =>
    builder.reshape(x, [batchSize(x), ...outputShape]),
  );
};

function misfit(problem: string, outputShape?: Shape): LayerProblem {
  const path = ['target_shape'];
  return outputShape === undefined ? { problem, path } : { problem, path, outputShape };
}
