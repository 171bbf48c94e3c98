/**
 * A convolution and both of its gradients visit the same triples: each tap joins one element of x,
 * one of the filter and one of the output. Only who is summed differs.
 */
import type { TensorType } from '../../../shared/tensor/tensorType.ts';
import type { ConvGeometry } from '../../ir/program.ts';
import { type Round, type Tensor, forEachIndex, zeros } from './tensor.ts';

/** Shapes x: NHWC, filter: HWIO, output: NHWC. */
interface Taps {
  readonly geometry: ConvGeometry;
  readonly x: TensorType;
  readonly filter: TensorType;
  readonly output: TensorType;
}

/** Flat positions that belong together. */
interface Tap {
  readonly x: number;
  readonly filter: number;
  readonly output: number;
}

type Pair = readonly [Tensor, Tensor];

export function conv2d(
  type: TensorType,
  geometry: ConvGeometry,
  [x, filter]: Pair,
  round: Round,
): Tensor {
  const taps = { geometry, x: x.type, filter: filter.type, output: type };
  return sumProducts(taps, type, round, (tap) => [
    tap.output,
    x.data[tap.x]! * filter.data[tap.filter]!,
  ]);
}

export function conv2dInputGrad(
  type: TensorType,
  geometry: ConvGeometry,
  [grad, filter]: Pair,
  round: Round,
): Tensor {
  const taps = { geometry, x: type, filter: filter.type, output: grad.type };
  return sumProducts(taps, type, round, (tap) => [
    tap.x,
    grad.data[tap.output]! * filter.data[tap.filter]!,
  ]);
}

export function conv2dFilterGrad(
  type: TensorType,
  geometry: ConvGeometry,
  [x, grad]: Pair,
  round: Round,
): Tensor {
  const taps = { geometry, x: x.type, filter: type, output: grad.type };
  return sumProducts(taps, type, round, (tap) => [
    tap.filter,
    x.data[tap.x]! * grad.data[tap.output]!,
  ]);
}

function sumProducts(
  taps: Taps,
  type: TensorType,
  round: Round,
  term: (tap: Tap) => readonly [to: number, product: number],
): Tensor {
  const sum = zeros(type);
  forEachTap(taps, (tap) => {
    const [to, product] = term(tap);
    sum.data[to] = round(sum.data[to]! + round(product));
  });
  return sum;
}

/**
 * Row-major over the output, then over the filter. Taps that fall on padding are left out; output channel o
 * of group o / (outputs in a group) sees the channels of that group alone.
 */
function forEachTap({ geometry, x, filter, output }: Taps, visit: (tap: Tap) => void): void {
  const [top, , left] = geometry.padding;
  const [strideY, strideX] = geometry.strides;
  const [dilationY, dilationX] = geometry.dilation;
  const [, height = 0, width = 0, channels = 0] = x.shape;
  const [filterHeight = 0, filterWidth = 0, perGroup = 0, outputs = 0] = filter.shape;
  const window = placesOf([filterHeight, filterWidth, perGroup]);
  forEachIndex(output.shape, ([n = 0, row = 0, column = 0, out = 0], outputAt) => {
    const firstChannel = Math.floor((out * geometry.groups) / outputs) * perGroup;
    window.forEach(([ky = 0, kx = 0, channel = 0], place) => {
      const y = row * strideY + ky * dilationY - top;
      const xAxis = column * strideX + kx * dilationX - left;
      if (y < 0 || y >= height || xAxis < 0 || xAxis >= width) return;
      visit({
        x: ((n * height + y) * width + xAxis) * channels + firstChannel + channel,
        filter: place * outputs + out,
        output: outputAt,
      });
    });
  });
}

function placesOf(shape: readonly number[]): number[][] {
  const places: number[][] = [];
  forEachIndex(shape, (index) => places.push([...index]));
  return places;
}
