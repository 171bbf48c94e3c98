/**
 * Convolutions as products over windows (windows.ts):
 *
 *   output[n,y,x, o] = sum over k,l,c of  padded x[n, y s + k d, x s + l d, c] * filter[k,l,c, o]
 *   filter[k,l,c, o] = sum over n,y,x of  the same windows * gradient[n,y,x, o]
 *   input[n,y,x, c]  = sum over k,l,o of  padded gradient[n, y + k d, x + l d, o] * turned filter[k,l,o, c],
 *                      where strides leave zeros between the elements of the gradient
 */
import type { ConvGeometry } from '../../ir/program.ts';
import type { Shape } from '../../../shared/tensor/tensorType.ts';
import { depthwiseFilterGrad, depthwiseInputGrad, depthwiseOutput } from './lowerDepthwise.ts';
import { isLargeProduct, isSidewaysShape } from './tiling.ts';
import type { View } from './values.ts';
import { lastAxisPart, permuted } from './viewMoves.ts';
import {
  padded,
  paddedPlanes,
  type Padding,
  type Pair,
  type ValueMaker,
  windowsOf,
} from './windows.ts';

/** `shape`: NHWC of the output. */
export function lowerConv2d(
  maker: ValueMaker,
  geometry: ConvGeometry,
  [x, filter]: readonly [View, View],
  shape: Shape,
): View {
  const shapes = { x, filter: filter.shape, output: shape };
  const inPlanes = geometry.strides[1] === 1 && wantsPlanes(geometry, filter, shape);
  const windows = inputWindows(maker, geometry, { ...shapes, inPlanes });
  if (isDepthwise(geometry, filter.shape)) return depthwiseOutput(maker, windows, filter, shape);
  return inGroups(maker, geometry.groups, shape, (group) =>
    maker.product(channelsOf(windows, group), channelsOf(filter, group), 3),
  );
}

/** `shape`: HWIO of the filter. */
export function lowerConv2dFilterGrad(
  maker: ValueMaker,
  geometry: ConvGeometry,
  [x, gradient]: readonly [View, View],
  shape: Shape,
): View {
  const windows = inputWindows(maker, geometry, { x, filter: shape, output: gradient.shape });
  if (isDepthwise(geometry, shape)) return depthwiseFilterGrad(maker, windows, gradient, shape);
  return inGroups(maker, geometry.groups, shape, (group) => {
    const turned = permuted(channelsOf(windows, group), [3, 4, 5, 0, 1, 2]);
    return maker.product(turned, channelsOf(gradient, group), 3);
  });
}

/** `shape`: NHWC of the input. */
export function lowerConv2dInputGrad(
  maker: ValueMaker,
  geometry: ConvGeometry,
  [gradient, filter]: readonly [View, View],
  shape: Shape,
): View {
  const exchanged = permuted(filter, [0, 1, 3, 2]);
  const inPlanes = wantsPlanes(geometry, exchanged, shape);
  const windows = gradientWindows(maker, geometry, {
    gradient,
    filter: filter.shape,
    x: shape,
    inPlanes,
  });
  if (isDepthwise(geometry, filter.shape)) {
    return depthwiseInputGrad(maker, windows, upsideDown(maker, filter), shape);
  }
  return inGroups(maker, geometry.groups, shape, (group) => {
    const turned = permuted(channelsOf(filter, group), [0, 1, 3, 2]);
    return maker.product(channelsOf(windows, group), upsideDown(maker, turned), 3);
  });
}

function isDepthwise({ groups }: ConvGeometry, [, , channels]: Shape): boolean {
  return groups > 1 && channels === 1;
}

interface Group {
  readonly index: number;
  readonly of: number;
}

/** Results of the groups next to each other along the last axis. */
function inGroups(
  maker: ValueMaker,
  groups: number,
  shape: Shape,
  each: (group: Group) => View,
): View {
  const parts = Array.from({ length: groups }, (_, index) => each({ index, of: groups }));
  if (groups === 1) return parts[0]!;
  return maker.make({ kind: 'concat', axis: shape.length - 1 }, parts, { shape, dtype: 'f32' });
}

/** The channels of one group; a filter has one run of outputs for each. */
function channelsOf(view: View, { index, of }: Group): View {
  const count = view.shape.at(-1)! / of;
  return lastAxisPart(view, index * count, count);
}

/** Whether the product of windows and `filter` has its lanes along a row of the result (sidewaysKernel.ts). */
function wantsPlanes(
  geometry: ConvGeometry,
  filter: View,
  [n = 0, rows = 0, columns = 0]: Shape,
): boolean {
  if (geometry.groups > 1) return false;
  return isSidewaysShape(columns, filter.shape[3]!) && isLargeProduct(n * rows * columns, filter);
}

interface ConvShapes {
  readonly x: View;
  readonly filter: Shape;
  readonly output: Shape;
  readonly inPlanes?: boolean;
}

function inputWindows(
  maker: ValueMaker,
  { padding, strides, dilation }: ConvGeometry,
  { x, filter, output, inPlanes = false }: ConvShapes,
): View {
  const [top, bottom, left, right] = padding;
  const around: Padding = { before: [top, left], after: [bottom, right] };
  const image = inPlanes ? paddedPlanes(maker, x, around) : padded(maker, x, around);
  return windowsOf(image, {
    size: rowsColumns(filter, 0),
    strides,
    dilation,
    count: rowsColumns(output, 1),
  });
}

interface GradientShapes {
  readonly gradient: View;
  readonly filter: Shape;
  readonly x: Shape;
  readonly inPlanes: boolean;
}

/** Windows of the output's gradient, one for each place of x. */
function gradientWindows(
  maker: ValueMaker,
  { padding, strides, dilation }: ConvGeometry,
  { gradient, filter, x, inPlanes }: GradientShapes,
): View {
  const size = rowsColumns(filter, 0);
  const count = rowsColumns(x, 1);
  const reach = size.map((each, i) => (each - 1) * dilation[i]!) as unknown as Pair;
  const before: Pair = [reach[0] - padding[0], reach[1] - padding[2]];
  const after = rowsColumns(gradient.shape, 1).map((each, i) => {
    return count[i]! + reach[i]! - before[i]! - ((each - 1) * strides[i]! + 1);
  }) as unknown as Pair;
  const around: Padding = { before, after, steps: strides };
  const image = inPlanes ? paddedPlanes(maker, gradient, around) : padded(maker, gradient, around);
  return windowsOf(image, { size, strides: [1, 1], dilation, count });
}

function rowsColumns(shape: Shape, axis: number): Pair {
  return [shape[axis]!, shape[axis + 1]!];
}

/** Rows and columns of a filter in reverse order. */
function upsideDown(maker: ValueMaker, filter: View): View {
  const [rows = 0, columns = 0, ...rest] = filter.shape;
  const places = rows * columns;
  const lines = maker.reshape(filter, [places, ...rest]);
  const order = Array.from({ length: places }, (_, i) => places - 1 - i);
  const indices = maker.constant(order, { shape: [places], dtype: 'i32' });
  const turned = maker.make({ kind: 'gatherRows' }, [lines, indices], {
    shape: lines.shape,
    dtype: 'f32',
  });
  return maker.reshape(turned, filter.shape);
}
