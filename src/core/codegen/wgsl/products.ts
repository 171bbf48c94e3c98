/**
 * Products of matrices and all three kinds of convolution in one form: for each group, result [m, n] is the sum over
 * k of left(m, k) right(k, n). Sides are read where they lie; no matrix of windows is ever made.
 */
import { type Shape, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { ConvGeometry, Node, OpOf } from '../../ir/program.ts';
import { type ElementWriter, elementOf, guarded } from './elements.ts';
import {
  type Coordinates,
  divided,
  flatten,
  index,
  plus,
  remainder,
  times,
  unflatten,
} from './indexing.ts';

/** Indices as WGSL expressions. */
export interface LeftPlace {
  readonly group: string;
  readonly m: string;
  readonly k: string;
}

export interface RightPlace {
  readonly group: string;
  readonly k: string;
  readonly n: string;
}

export interface ResultPlace {
  readonly group: string;
  readonly m: string;
  readonly n: string;
}

export interface Product {
  readonly groups: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  left(w: ElementWriter, at: LeftPlace): string;
  right(w: ElementWriter, at: RightPlace): string;
  /** Coordinates of the node's element at a place of the result, and back. */
  coordinates(w: ElementWriter, at: ResultPlace): Coordinates;
  place(w: ElementWriter, at: Coordinates): ResultPlace;
  /** What `left` takes m apart into. */
  readonly rows: Shape;
  /** Which index runs along neighbours in memory. */
  readonly leftRuns: 'm' | 'k';
  readonly rightRuns: 'k' | 'n';
}

/** null for a node that is no product. */
export function productOf(node: Node): Product | null {
  const { op } = node;
  switch (op.kind) {
    case 'matmul':
      return matrices(node, op);
    case 'conv2d':
      return convolution(node, op.geometry);
    case 'conv2dInputGrad':
      return inputGradient(node, op.geometry);
    case 'conv2dFilterGrad':
      return filterGradient(node, op.geometry);
    default:
      return null;
  }
}

function matrices({ args, type }: Node, { transposeA, transposeB }: OpOf<'matmul'>): Product {
  const [a, b] = args as [Node, Node];
  const [m = 0, n = 0] = type.shape;
  return {
    groups: 1,
    m,
    n,
    k: a.type.shape[transposeA ? 0 : 1]!,
    left: (w, at) => elementOf(w, a, transposeA ? [at.k, at.m] : [at.m, at.k]),
    right: (w, at) => elementOf(w, b, transposeB ? [at.n, at.k] : [at.k, at.n]),
    coordinates: (_, at) => [at.m, at.n],
    place: (_, [row = '0u', column = '0u']) => ({ group: '0u', m: row, n: column }),
    rows: [m],
    leftRuns: transposeA ? 'm' : 'k',
    rightRuns: transposeB ? 'k' : 'n',
  };
}

/** m: places of the output; n: its channels; k: places and channels of the filter. */
function convolution({ args, type }: Node, geometry: ConvGeometry): Product {
  const [x, filter] = args as [Node, Node];
  const [images = 0, height = 0, width = 0, channels = 0] = type.shape;
  const [kh = 0, kw = 0, inputs = 0] = filter.type.shape;
  const outputs = channels / geometry.groups;
  const places = [images, height, width];
  return {
    groups: geometry.groups,
    m: elementCount(places),
    n: outputs,
    k: kh * kw * inputs,
    left: (w, { group, m, k }) => {
      const [image = '0u', row = '0u', column = '0u'] = unflatten(w, m, places);
      const [ky = '0u', kx = '0u', c = '0u'] = unflatten(w, k, [kh, kw, inputs]);
      const at = windowPlaces(w, geometry, [row, column], [ky, kx]);
      const channel = plus(w, times(w, group, inputs), c);
      return pixel(w, x, [image, at[0]!, at[1]!, channel]);
    },
    right: (w, { group, k, n }) =>
      elementOf(w, filter, [
        ...unflatten(w, k, [kh, kw, inputs]),
        plus(w, times(w, group, outputs), n),
      ]),
    ...channelsOfGroups(places, outputs),
    rows: places,
    leftRuns: 'k',
    rightRuns: 'n',
  };
}

/** m: places of the input; n: its channels; k: places of the filter and channels of the output. */
function inputGradient({ args, type }: Node, geometry: ConvGeometry): Product {
  const [grad, filter] = args as [Node, Node];
  const [images = 0, height = 0, width = 0, channels = 0] = type.shape;
  const [kh = 0, kw = 0, , all = 0] = filter.type.shape;
  const inputs = channels / geometry.groups;
  const outputs = all / geometry.groups;
  const places = [images, height, width];
  return {
    groups: geometry.groups,
    m: elementCount(places),
    n: inputs,
    k: kh * kw * outputs,
    left: (w, { group, m, k }) => {
      const [image = '0u', row = '0u', column = '0u'] = unflatten(w, m, places);
      const [ky = '0u', kx = '0u', o = '0u'] = unflatten(w, k, [kh, kw, outputs]);
      const channel = plus(w, times(w, group, outputs), o);
      return spreadPixel(w, geometry, grad, [image, row, column, channel, ky, kx]);
    },
    right: (w, { group, k, n }) => {
      const [ky = '0u', kx = '0u', o = '0u'] = unflatten(w, k, [kh, kw, outputs]);
      return elementOf(w, filter, [ky, kx, n, plus(w, times(w, group, outputs), o)]);
    },
    ...channelsOfGroups(places, inputs),
    rows: places,
    leftRuns: 'k',
    rightRuns: 'k',
  };
}

/** m: places and channels of the filter; n: channels of the output; k: places of the output. */
function filterGradient({ args, type }: Node, geometry: ConvGeometry): Product {
  const [x, grad] = args as [Node, Node];
  const [kh = 0, kw = 0, inputs = 0, all = 0] = type.shape;
  const outputs = all / geometry.groups;
  const places = grad.type.shape.slice(0, 3);
  return {
    groups: geometry.groups,
    m: kh * kw * inputs,
    n: outputs,
    k: elementCount(places),
    left: (w, { group, m, k }) => {
      const [ky = '0u', kx = '0u', c = '0u'] = unflatten(w, m, [kh, kw, inputs]);
      const [image = '0u', row = '0u', column = '0u'] = unflatten(w, k, places);
      const at = windowPlaces(w, geometry, [row, column], [ky, kx]);
      const channel = plus(w, times(w, group, inputs), c);
      return pixel(w, x, [image, at[0]!, at[1]!, channel]);
    },
    right: (w, { group, k, n }) =>
      elementOf(w, grad, [...unflatten(w, k, places), plus(w, times(w, group, outputs), n)]),
    ...channelsOfGroups([kh, kw, inputs], outputs),
    rows: [kh, kw, inputs],
    leftRuns: 'm',
    rightRuns: 'n',
  };
}

/** The last axis of the result holds the channels of group 0, then of group 1, and so on. */
function channelsOfGroups(
  places: readonly number[],
  perGroup: number,
): Pick<Product, 'coordinates' | 'place'> {
  return {
    coordinates: (w, { group, m, n }) => [
      ...unflatten(w, m, places),
      plus(w, times(w, group, perGroup), n),
    ],
    place: (w, at) => {
      const channel = at.at(-1)!;
      return {
        group: divided(w, channel, perGroup),
        m: flatten(w, at.slice(0, -1), places),
        n: remainder(w, channel, perGroup),
      };
    },
  };
}

/** Row and column of x under a place of the window; above and left of x they wrap around to huge numbers. */
function windowPlaces(
  w: ElementWriter,
  { strides, dilation, padding }: ConvGeometry,
  places: readonly [string, string],
  offsets: readonly [string, string],
): readonly string[] {
  return places.map((place, axis) => {
    const at = plus(w, times(w, place, strides[axis]!), times(w, offsets[axis]!, dilation[axis]!));
    const before = padding[2 * axis]!;
    return before === 0 ? at : w.let(`${at} - ${index(before)}`);
  });
}

/** Zero outside of the image. */
function pixel(w: ElementWriter, x: Node, at: Coordinates): string {
  const [, height = 0, width = 0] = x.type.shape;
  const inside = `${at[1]!} < ${index(height)} && ${at[2]!} < ${index(width)}`;
  return guarded(w, inside, '0f', () => elementOf(w, x, at));
}

/** The gradient of the output whose window has this place of the input at (ky, kx); zero where there is none. */
function spreadPixel(
  w: ElementWriter,
  { strides, dilation, padding }: ConvGeometry,
  grad: Node,
  [image = '0u', row = '0u', column = '0u', channel = '0u', ky = '0u', kx = '0u']: Coordinates,
): string {
  const [, height = 0, width = 0] = grad.type.shape;
  const far = (place: string, offset: string, axis: 0 | 1): string => {
    const shifted = plus(w, place, index(padding[axis === 0 ? 0 : 2]));
    return w.let(`${shifted} - ${times(w, offset, dilation[axis])}`);
  };
  const [y, x] = [far(row, ky, 0), far(column, kx, 1)];
  const [oy, ox] = [divided(w, y, strides[0]), divided(w, x, strides[1])];
  const hits = [
    `${oy} < ${index(height)} && ${ox} < ${index(width)}`,
    ...(strides[0] === 1 ? [] : [`${y} % ${index(strides[0])} == 0u`]),
    ...(strides[1] === 1 ? [] : [`${x} % ${index(strides[1])} == 0u`]),
  ];
  return guarded(w, hits.join(' && '), '0f', () => elementOf(w, grad, [image, oy, ox, channel]));
}
