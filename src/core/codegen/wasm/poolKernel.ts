/**
 * The gradient of max pooling: four channels at a time, each output's gradient is added to the first largest place
 * of its window (the first NaN where there is one). Gradients that meet are added in the order of the outputs; where windows
 * do not overlap, none meet, and each place is written once.
 */
import type { PoolGeometry } from '../../ir/program.ts';
import type { Push } from './asm.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { emitFill, rowOf } from './dataKernels.ts';
import { type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { combine } from './reduceKernel.ts';
import { denseView, type Value, type View } from './values.ts';

// Axes of the pass beyond [n, y, x, channel] of the output.
const channel = 3;
const windowRow = 4;
const windowColumn = 5;

export function emitMaxPoolInputGrad(context: KernelContext, value: Value): void {
  const { op } = value;
  if (op.kind !== 'maxPool2dInputGrad') return;
  const [x, gradient] = value.inputs as [View, View];
  const from = overWindows(viewAccess(context, x), op.geometry);
  const to = overWindows(viewAccess(context, denseView(value)), op.geometry);
  const slopes = viewAccess(context, gradient);
  const whole = viewAccess(context, denseView(value));
  const cursors = new Cursors(context.f, [whole, from, to, slopes]);
  const [images = 0, rows = 0, columns = 0, channels = 0] = gradient.shape;
  const image = { shape: value.shape.slice(1), dtype: value.dtype };
  const meet = op.geometry.window.some((size, i) => size > op.geometry.strides[i]!);
  const isCovered = [rows, columns].every((count, i) => {
    return (
      op.geometry.window[i] === op.geometry.strides[i] &&
      count * op.geometry.strides[i]! === value.shape[i + 1]
    );
  });
  cursors.loop(0, { count: images, team: context.team }, () => {
    if (!isCovered) emitFill(context, image, { access: rowOf(context, cursors, whole), fill: 0 });
    cursors.loop(1, { count: rows }, () =>
      cursors.loop(2, { count: columns }, () =>
        vectorsAlong(cursors, { axis: channel, size: channels }, (lanes) => {
          giveBack(context, { cursors, from, to, slopes, window: op.geometry.window, meet, lanes });
        }),
      ),
    );
  });
}

interface Pool {
  readonly cursors: Cursors;
  readonly from: Access;
  readonly to: Access;
  readonly slopes: Access;
  readonly window: PoolGeometry['window'];
  /** Whether windows overlap. */
  readonly meet: boolean;
  readonly lanes: number;
}

/** The gradients of four neighbouring outputs. */
function giveBack(context: KernelContext, pool: Pool): void {
  const { cursors, from, to, slopes, window, meet, lanes } = pool;
  const places = tapsOf(cursors, window);
  const load = (access: Access): Push =>
    context.f.keep(loadLanes(context.f, cursors.lanes(access, channel, lanes)));
  const slope = load(slopes);
  const taps = places.map((at) => at(() => load(from)));
  const masks = firstLargest(context, taps);
  masks.forEach((mask, i) =>
    places[i]!(() => {
      const before = meet ? load(to) : context.f.floats(0); // a slope of -0 becomes 0 either way
      const sum = context.f.simd('f32x4Add', before, context.f.simd('and', slope, mask));
      storeLanes(context.f, cursors.lanes(to, channel, lanes), sum);
    }),
  );
}

/** Runs something at one place of the window. */
type Place = <T>(body: () => T) => T;

function tapsOf(cursors: Cursors, [rows, columns]: PoolGeometry['window']): Place[] {
  return Array.from({ length: rows * columns }, (_, i): Place => (body) => {
    let result: ReturnType<typeof body> | undefined;
    cursors.at(windowRow, Math.floor(i / columns), () =>
      cursors.at(windowColumn, i % columns, () => {
        result = body();
      }),
    );
    return result as ReturnType<typeof body>;
  });
}

/** For each tap a mask of the lanes where it is the first largest. */
function firstLargest(context: KernelContext, taps: readonly Push[]): Push[] {
  const { f } = context;
  const maximum = { fn: 'max', dtype: 'f32' } as const;
  const largest = f.keep(taps.reduce((a, b) => combine(context, maximum, [a, b])));
  let taken: Push | undefined;
  return taps.map((tap) => {
    const isNaN = f.simd('f32x4Ne', tap, tap);
    const fits = f.simd('or', f.simd('f32x4Eq', tap, largest), isNaN);
    const before = taken;
    const mask = f.keep(before === undefined ? fits : f.simd('andNot', fits, before));
    taken = before === undefined ? mask : f.keep(f.simd('or', before, mask));
    return mask;
  });
}

/** An access of NHWC by outputs and places of their windows. */
function overWindows(access: Access, { strides }: PoolGeometry): Access {
  const [n = 0, row = 0, column = 0, each = 0] = access.strides;
  return {
    ...access,
    strides: [n, row * strides[0], column * strides[1], each, row, column],
  };
}
