/**
 * Images taken anew along an affine map: each pixel of the result is looked up where the map says, between the four
 * pixels around that place or at the nearest one. The image goes on beyond its edges as the fill mode says, pixel by
 * pixel, so that interpolation runs smoothly over the edge.
 */
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { Builder, Operand } from '../ir/builder.ts';
import type { Node, Shape } from '../ir/program.ts';
import { plus, times, type Affine } from './affine.ts';
import type { Fill, Size } from './transform.ts';

export interface Resampling {
  readonly map: Affine;
  /** Of the result. */
  readonly size: Size;
  readonly fill: Fill;
}

/** x: f32 [batch, height, width, channels]; gives [batch, ...size, channels]. */
export function resample(b: Builder, x: Node, { map, size, fill }: Resampling): Node {
  const [batch = 0, height = 0, width = 0] = x.type.shape;
  const [row, column] = places(b, map, [batch, ...size]);
  const rows = linesAround(b, row, { count: height, fill });
  const columns = linesAround(b, column, { count: width, fill });
  const pixel = (r: Line, c: Line): Node => pixelsAt(b, x, { r, c, size, fill });
  const across = (r: Line): Node =>
    between(b, columns.share, [pixel(r, columns.low), () => pixel(r, columns.high)]);
  return between(b, rows.share, [across(rows.low), () => across(rows.high)]);
}

/** Row and column that the map gives for each pixel: f32 of a shape that broadcasts to [batch, height, width]. */
function places(b: Builder, map: Affine, [batch, height, width]: Shape): [Node, Node] {
  const index = (shape: Shape, axis: number): Node => b.convert(b.iota(shape, axis), 'f32');
  const r = index([1, height!, 1], 1);
  const c = index([1, 1, width!], 2);
  const perImage = (value: Operand): Operand =>
    typeof value === 'number' ? value : b.reshape(value, [batch!, 1, 1]);
  const place = (byRow: Operand, byColumn: Operand, start: Operand): Node => {
    const sum = plus(b, times(b, perImage(byRow), r), times(b, perImage(byColumn), c));
    const moved = plus(b, sum, perImage(start));
    return typeof moved === 'number' ? b.constant(moved, [1, 1, 1]) : moved;
  };
  return [place(map.rr, map.rc, map.r0), place(map.cr, map.cc, map.c0)];
}

/** Rows or columns of the image. */
interface Line {
  /** i32, from 0 to below the count. */
  readonly index: Node;
  /** Whether the line is one of the image; null where what is outside is taken from inside. */
  readonly inside: Node | null;
}

interface Lines {
  readonly low: Line;
  readonly high: Line;
  /** How far the place is from `low` to `high`, 0 <= share < 1; null where it always is at `low`. */
  readonly share: Node | null;
}

function linesAround(
  b: Builder,
  place: Node,
  { count, fill }: { readonly count: number; readonly fill: Fill },
): Lines {
  const line = (at: Node): Line => ({
    index: b.convert(intoImage(b, at, { count, fill }), 'i32'),
    inside:
      fill.mode === 'constant'
        ? b.binary('and', b.compare('ge', at, 0), b.compare('le', at, count - 1))
        : null,
  });
  if (fill.interpolation === 'nearest') {
    const low = line(b.unary('floor', b.add(place, 0.5)));
    return { low, high: low, share: null };
  }
  const floor = b.unary('floor', place);
  return { low: line(floor), high: line(b.add(floor, 1)), share: b.sub(place, floor) };
}

/** The line of the image that stands at a whole number `at`, which may be anywhere. */
function intoImage(
  b: Builder,
  at: Node,
  { count, fill }: { readonly count: number; readonly fill: Fill },
): Node {
  const within = (x: Node): Node => b.binary('min', b.binary('max', x, 0), count - 1);
  if (fill.mode === 'wrap') return within(remainder(b, at, count));
  if (fill.mode !== 'reflect') return within(at);
  const place = remainder(b, at, 2 * count);
  return within(b.binary('min', place, b.sub(2 * count - 1, place)));
}

/** x modulo n, 0 <= result < n. Exact for whole numbers that float32 holds, as long as x / n is far below 2^24. */
function remainder(b: Builder, x: Node, n: number): Node {
  // The middle of the steps: the quotient of a whole number never rounds to the next one.
  const turns = b.unary('floor', b.mul(b.add(x, 0.5), 1 / n));
  return b.sub(x, b.mul(turns, n));
}

interface Place {
  readonly r: Line;
  readonly c: Line;
  readonly size: Size;
  readonly fill: Fill;
}

function pixelsAt(b: Builder, x: Node, { r, c, size, fill }: Place): Node {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.type.shape;
  const shape = [batch, ...size];
  const first = b.mul(b.iota([batch, 1, 1], 0), height * width);
  const rowStart = b.add(first, b.mul(r.index, width));
  const index = b.broadcast(b.add(rowStart, c.index), shape);
  const pixels = b.reshape(x, [batch * height * width, channels]);
  const taken = b.gatherRows(pixels, b.reshape(index, [elementCount(shape)]));
  const values = b.reshape(taken, [...shape, channels]);
  if (r.inside === null || c.inside === null) return values;
  const inside = b.broadcast(b.binary('and', r.inside, c.inside), shape);
  const mask = b.broadcast(b.reshape(inside, [...shape, 1]), values.type.shape);
  return b.select(mask, values, fill.value);
}

/** low + share (high - low); `low` itself, bit for bit, where the share is 0. */
function between(b: Builder, share: Node | null, [low, high]: readonly [Node, () => Node]): Node {
  if (share === null) return low;
  return b.add(low, b.mul(b.reshape(share, [...share.type.shape, 1]), b.sub(high(), low)));
}
