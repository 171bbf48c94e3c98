/** Layers that join branches. */
import type { LayerOf } from '../../shared/model/layers.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import { say } from '../../shared/language.ts';
import type { BinaryFn } from '../ir/program.ts';
import {
  type Incoming,
  type IncomingTensor,
  type Layer,
  type LayerProblem,
  type LayerRule,
  plainLayer,
  printBatch,
} from './layer.ts';

export const add: LayerRule<LayerOf<'Add'>> = (_, incoming) => elementwise('add', incoming);
export const multiply: LayerRule<LayerOf<'Multiply'>> = (_, incoming) =>
  elementwise('mul', incoming);

/** In the order of the inputs; an axis of size 1 serves all places of the others. */
function elementwise(fn: BinaryFn, { inputs }: Incoming): Layer | LayerProblem {
  const [first, ...others] = inputs;
  let outputShape: Shape | null = first.shape;
  for (const { shape } of others) outputShape &&= commonShape(outputShape, shape);
  if (outputShape === null) {
    const problem = say`expects inputs of one shape, gets ${described(inputs)}`;
    const hint = say('give its branches the same shape, or join them with Concatenate');
    return { problem, path: [], hint };
  }
  return plainLayer(outputShape, (nodes, { builder: b }) =>
    nodes.reduce((sum, node) => b.binary(fn, sum, node)),
  );
}

function commonShape(a: Shape, b: Shape): Shape | null {
  const fits = a.length === b.length && a.every((n, i) => n === b[i] || n === 1 || b[i] === 1);
  return fits ? a.map((size, i) => Math.max(size, b[i]!)) : null;
}

export const concatenate: LayerRule<LayerOf<'Concatenate'>> = (config, { inputs }) => {
  const [{ shape }] = inputs;
  const rank = shape.length + 1;
  const axis = config.axis < 0 ? config.axis + rank : config.axis;
  if (axis < 1 || axis >= rank) {
    const last = rank - 1;
    const problem = say`expects an axis from 1 to ${last}, or from -${last} to -1, of ${described(inputs)}`;
    return { problem, path: ['axis'] };
  }
  const fits = inputs.every(
    (other) =>
      other.shape.length === shape.length &&
      other.shape.every((size, i) => i === axis - 1 || size === shape[i]),
  );
  if (!fits) {
    const problem = say`expects inputs that differ along axis ${axis} only, gets ${described(inputs)}`;
    return { problem, path: [] };
  }
  const size = inputs.reduce((sum, other) => sum + other.shape[axis - 1]!, 0);
  return plainLayer(shape.with(axis - 1, size), (nodes, { builder }) =>
    builder.concat(nodes, axis),
  );
};

/** `[batch, 3] from "a", [batch, 4] from the data`. */
function described(inputs: readonly IncomingTensor[]): string {
  return inputs.map(({ shape, from }) => say`${printBatch(shape)} from ${from}`).join(', ');
}
