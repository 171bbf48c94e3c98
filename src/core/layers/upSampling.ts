import type { LayerOf } from '../../shared/model/layers.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { type Pair, asPair, imageProblem, imageShape } from './image.ts';
import { type LayerRule, batchSize, plainLayer } from './layer.ts';

/** Images whole times as large, values repeated or interpolated between the centres of pixels. */
export const upSampling2d: LayerRule<LayerOf<'UpSampling2D'>> = (config, { inputs: [input] }) => {
  const misfit = imageProblem(2, input);
  if (misfit !== null) return misfit;
  const times = asPair(2, config.size);
  const [rows, columns, channels] = imageShape(input.shape);
  const enlarge = config.interpolation === 'nearest' ? repeat : interpolate;
  return plainLayer([rows * times[0], columns * times[1], channels], ([x], { builder }) =>
    enlarge(builder, x, times),
  );
};

function repeat(b: Builder, x: Node, [down, across]: Pair): Node {
  const [rows, columns, channels] = imageShape(x.type.shape.slice(1));
  const batch = batchSize(x);
  const spaced = b.reshape(x, [batch, rows, 1, columns, 1, channels]);
  const copies = b.broadcast(spaced, [batch, rows, down, columns, across, channels]);
  return b.reshape(copies, [batch, rows * down, columns * across, channels]);
}

function interpolate(b: Builder, x: Node, [down, across]: Pair): Node {
  return interpolateAxis(b, interpolateAxis(b, x, { axis: 1, times: down }), {
    axis: 2,
    times: across,
  });
}

interface Along {
  readonly axis: number;
  readonly times: number;
}

/** A product with a constant matrix along one axis. */
function interpolateAxis(b: Builder, x: Node, { axis, times }: Along): Node {
  if (times === 1) return x;
  const axes = x.type.shape.map((_, a) => a);
  // Swapping two axes is its own way back.
  const swapped = axes.map((a) => (a === 0 ? axis : a === axis ? 0 : a));
  const front = b.transpose(x, swapped);
  const [size = 0, ...rest] = front.type.shape;
  const flat = b.reshape(front, [size, rest.reduce((product, count) => product * count, 1)]);
  const weights = b.constant(interpolation(size, times), [size * times, size]);
  const larger = b.reshape(b.matmul(weights, flat), [size * times, ...rest]);
  return b.transpose(larger, swapped);
}

/** Row-major [size * times, size]: centres of pixels half a pixel in, edges held. */
function interpolation(size: number, times: number): number[] {
  return Array.from({ length: size * times }, (_, i) => {
    const at = Math.max((i + 0.5) / times - 0.5, 0);
    const low = Math.floor(at);
    const high = Math.min(low + 1, size - 1);
    const row = new Array<number>(size).fill(0);
    row[low]! += 1 - (at - low);
    row[high]! += at - low;
    return row;
  }).flat();
}
