/** Series with all that training can do to a loss, and views of them, for property tests of the plot. */
import fc from 'fast-check';
import type { Edges } from '../../src/plotData/wholeRange.ts';
import type { PlotQuery } from '../../src/shared/plot/plotAnswer.ts';
import type { PointPlaces } from '../../src/shared/plot/view.ts';

type Shape = 'walk' | 'noise' | 'decay' | 'constant' | 'levels';

interface Accident {
  /** Where, as a part of the whole series. */
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

interface SeriesPlan {
  readonly shape: Shape;
  readonly count: number;
  readonly seed: number;
  readonly accidents: readonly Accident[];
  /** Every point with this chance is replaced by an odd value. */
  readonly litter: number;
}

const oddValues = [NaN, Infinity, -Infinity, 0, -1, 3e38, -3e38, 1e-45, 40] as const;

/** Long enough at times for three levels of the pyramid (over 65,536 points), most often short. */
const count = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 700 }) },
  { weight: 4, arbitrary: fc.integer({ min: 700, max: 12_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 65_000, max: 80_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 2, 255, 256, 257, 4095, 4096, 4097, 8192) },
);

export const seriesValues: fc.Arbitrary<Float32Array> = fc
  .record<SeriesPlan>({
    shape: fc.constantFrom('walk', 'noise', 'decay', 'constant', 'levels'),
    count,
    seed: fc.nat(),
    accidents: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 3000 })),
        value: fc.constantFrom(...oddValues),
      }),
      { maxLength: 6 },
    ),
    litter: fc.constantFrom(0, 0, 0, 0.001, 0.02, 0.5),
  })
  .map(makeValues);

/** The same on every run, unlike Math.random: uniform in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeValues({ shape, count: length, seed, accidents, litter }: SeriesPlan): Float32Array {
  const random = randomFrom(seed);
  let walk = 0;
  const next: Record<Shape, (i: number) => number> = {
    walk: () => (walk += random() - 0.5),
    noise: () => random(),
    decay: (i) => Math.exp((-8 * i) / length) * (1 + 0.1 * random()),
    constant: () => 0.25,
    // Now and then to another height: what joins two buckets, or does not, can be seen.
    levels: (i) => (i % 128 === 0 ? (walk = random()) : walk),
  };
  const values = Float32Array.from({ length }, (_, i) => next[shape](i));
  for (const { at, length: run, value } of accidents) {
    const start = Math.floor(at * length);
    values.fill(value, start, start + run);
  }
  for (let i = 0; i < length; i++) {
    if (random() < litter) values[i] = oddValues[Math.floor(random() * oddValues.length)]!;
  }
  return values;
}

/** Point p at x = p. */
export const plainPlaces: PointPlaces = { origin: 0, stride: 1 };

/** Steps and epochs on either axis, and strides that no float holds exactly. */
export const pointPlaces: fc.Arbitrary<PointPlaces> = fc.oneof(
  fc.constant(plainPlaces),
  fc.constantFrom(1, 52, 1 / 52, 1 / 3, 0.1).map((stride) => ({ origin: stride, stride })),
  fc
    .tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-4, max: 1e4, noNaN: true }),
    )
    .map(([origin, stride]) => ({ origin: origin + 0, stride })), // Never -0.
);

/** A query without its series; the edges as parts of the series, to be placed with `placeView`. */
export interface ViewPlan {
  readonly center: number;
  /** Of the whole series; down to far less than one point, up to far more than all. */
  readonly width: number;
  readonly columns: number;
  readonly rows: number;
  readonly log: boolean;
  readonly range: readonly [number, number] | null;
}

export const viewPlan: fc.Arbitrary<ViewPlan> = fc.record({
  center: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
  width: fc
    .oneof(fc.constant(0), fc.double({ min: -16, max: 3, noNaN: true }))
    .map((power) => 2 ** power),
  // Few columns make each of them hold many buckets.
  columns: fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 12, max: 400 })),
  rows: fc.integer({ min: 2, max: 90 }),
  log: fc.boolean(),
  range: fc.constantFrom(null, null, [0.2, 0.6] as const, [1e-3, 10] as const),
});

export type PlacedView = Omit<PlotQuery, 'series'> & Edges;

export function placeView(
  plan: ViewPlan,
  points: number,
  { origin, stride }: PointPlaces = plainPlaces,
): PlacedView {
  const { columns, rows, log, range } = plan;
  const [center, half] = [plan.center * points, (plan.width * Math.max(points, 1)) / 2];
  const xOf = (point: number): number => origin + stride * point;
  const edges = { first: xOf(center - half), last: xOf(center + half) };
  return { ...edges, columns, rows, log, low: range?.[0] ?? null, high: range?.[1] ?? null };
}
