import assert from 'node:assert/strict';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { encodeColumn, float32Bytes } from '../../../src/core/runs/columnFile.ts';
import { createRunDirectory, runFiles } from '../../../src/core/runs/runDirectory.ts';
import { RunWriter } from '../../../src/core/runs/runWriter.ts';
import { PlotData } from '../../../src/plotData/plotData.ts';
import {
  breakingFlags,
  type PlotAnswer,
  type PlotQuery,
  type SeriesColumns,
  type SeriesRequest,
} from '../../../src/shared/plot/plotAnswer.ts';
import type { PointPlaces } from '../../../src/shared/plot/view.ts';
import { factsOf } from '../../kit/columnFacts.ts';
import { differences, drawAnswer, drawEveryPoint, drawSpans } from '../../kit/drawEveryPoint.ts';
import {
  placeView,
  plainPlaces,
  pointPlaces,
  randomFrom,
  seriesValues,
  viewPlan,
} from '../../kit/plotSeries.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const folder = temporaryFolder();
const properties = { numRuns: 150, seed: 1 } as const;
const plain = { columns: 200, rows: 100, log: false, low: null, high: null } as const;

function writeSeries(values: Float32Array, { name = 'loss', first = 0 } = {}): string {
  const file = path.join(folder(), `${name}.f32`);
  writeFileSync(file, encodeColumn({ header: { format: 'f32le', series: name, first }, values }));
  return file;
}

function columnsOf(answer: PlotAnswer, i = 0): SeriesColumns {
  const series = answer.series[i]!;
  assert.ok('columns' in series, 'problem' in series ? series.problem : '');
  return series.columns;
}

interface Shown {
  /** Number of the series in the answer. */
  readonly series?: number;
  /** Of its first value. */
  readonly x?: PointPlaces;
}

/** Draws both ways, and compares what the columns say with the points themselves, bit for bit. */
function assertTrue(answer: PlotAnswer, values: Float32Array, shown: Shown = {}): void {
  const columns = columnsOf(answer, shown.series ?? 0);
  const { id, view, broken, filled, crossings, ...facts } = columns;
  assert.ok(id > 0);
  const { first, last } = answer;
  const x = shown.x ?? plainPlaces;
  assert.deepEqual(view, { first, last, columns: view.columns, x });
  assert.equal(crossings.length, view.columns + 1);
  const expected = drawEveryPoint(values, view, answer.scale);
  assert.deepEqual(differences(drawAnswer(columns, answer.scale), expected), []);
  assert.deepEqual(differences(drawSpans(columns, answer.scale), expected), []);
  const { places, ...expectedFacts } = factsOf(values, view, answer.scale.log);
  assert.deepEqual([...filled.columns], places);
  assert.deepEqual(facts, expectedFacts);
  const breaking = breakingFlags(answer.scale.log);
  const flagged = places.filter((_, i) => facts.flags[i]! & breaking);
  assert.deepEqual(
    broken.map(({ column }) => column),
    flagged,
  );
}

/** The definition, without any state kept on the way. */
function smoothAll(values: Float32Array, weight: number): Float32Array {
  let [average, missing] = [0, 1];
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = average * weight + (1 - weight) * value;
    missing *= weight;
    return average / (1 - missing);
  });
}

function wholeOf(values: Float32Array, file: string): PlotQuery {
  return {
    ...plain,
    series: [rawOf(file)],
    first: 0,
    last: Math.max(values.length - 1, 1),
  };
}

function rawOf(file: string): SeriesRequest {
  return { file, smoothing: 0, x: plainPlaces };
}

describe('plot data', () => {
  it('fills the very pixels that drawing every point fills, in any view of any series', async () => {
    await fc.assert(
      fc.asyncProperty(
        seriesValues,
        fc.array(fc.tuple(viewPlan, pointPlaces), { minLength: 1 }),
        async (values, plans) => {
          const file = writeSeries(values);
          const data = new PlotData();
          for (const [plan, x] of plans.slice(0, 4)) {
            const view = placeView(plan, values.length, x);
            const series = [{ file, smoothing: 0, x }];
            const answer = await data.query({ series, ...view });
            assert.deepEqual([answer.first, answer.last], [view.first, view.last]);
            assertTrue(answer, values, { x });
          }
        },
      ),
      properties,
    );
  });

  it('joins buckets of points around a gap, and nothing across it', async () => {
    for (const log of [false, true]) {
      for (const gap of [1, 300, 1000]) {
        const values = Float32Array.from({ length: 40 * 256 }, (_, i) => 1 + Math.floor(i / 256));
        values.fill(NaN, 20 * 256 + 100, 20 * 256 + 100 + gap);
        const file = writeSeries(values);
        const query = { ...wholeOf(values, file), columns: 2, rows: 300, log };
        // The whole staircase in one column.
        const answer = await new PlotData().query({ ...query, last: values.length * 2 });
        assertTrue(answer, values);
        assert.equal(columnsOf(answer).broken[0]!.rows.length, gap === 1 ? 2 : 4);
      }
    }
  });

  it('smooths as if from the first point, in any view', async () => {
    const weight = fc.constantFrom(0.1, 0.6, 0.99, 0.9999);
    await fc.assert(
      fc.asyncProperty(seriesValues, viewPlan, weight, async (values, plan, smoothing) => {
        const file = writeSeries(values);
        const view = placeView(plan, values.length);
        const series = [{ ...rawOf(file), smoothing }];
        assertTrue(await new PlotData().query({ series, ...view }), smoothAll(values, smoothing));
      }),
      { ...properties, numRuns: 80 },
    );
  });

  it('draws several series on one scale that shows all of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(seriesValues, pointPlaces), { minLength: 2, maxLength: 4 }),
        viewPlan,
        async (all, plan) => {
          const [longest, places] = all[0]!;
          const view = placeView(plan, longest.length, places);
          const series = all.map(([values, x], i) => {
            return { file: writeSeries(values, { name: `loss${i}` }), smoothing: 0, x };
          });
          const answer = await new PlotData().query({ series, ...view });
          for (const [i, [values, x]] of all.entries()) {
            assertTrue(answer, values, { series: i, x });
          }
        },
      ),
      { ...properties, numRuns: 50 },
    );
  });

  it('follows a file that grows while it is queried, torn tails included', async () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
    const smoothing = fc.constantFrom(0, 0.9);
    await fc.assert(
      fc.asyncProperty(
        seriesValues,
        cuts,
        smoothing,
        viewPlan,
        async (values, parts, weight, plan) => {
          const bytes = float32Bytes(values);
          const file = writeSeries(new Float32Array());
          const data = new PlotData();
          const view = placeView(plan, values.length);
          const query = { series: [{ ...rawOf(file), smoothing: weight }], ...view };
          let written = 0;
          for (const part of [...parts, 1].sort((a, b) => a - b)) {
            const end = Math.floor(part * bytes.length);
            appendFileSync(file, bytes.subarray(written, end));
            written = end;
            // Neither waits for the other: an answer is of some moment in between, and true of that.
            const [answer] = await Promise.all([data.query(query), data.refresh([file])]);
            const known = values.subarray(0, columnsOf(answer).count);
            assertTrue(answer, weight === 0 ? known : smoothAll(known, weight));
          }
          const whole = weight === 0 ? values : smoothAll(values, weight);
          assertTrue(await data.query(query), whole);
        },
      ),
      { ...properties, numRuns: 80 },
    );
  });

  it('follows the columns of a run as the core writes them', async () => {
    const directory = await createRunDirectory(folder(), 'live', new Date(0));
    const writer = new RunWriter(directory);
    const file = path.join(directory, runFiles.columns, 'loss.f32');
    const values = Float32Array.from({ length: 5000 }, randomFrom(3));
    const data = new PlotData();
    for (const [start, end] of [
      [0, 1],
      [1, 700],
      [700, 5000],
    ] as const) {
      writer.appendSteps({ loss: values.slice(start, end) });
      writer.flush();
      await writer.settled();
      await data.refresh([file]);
      assertTrue(await data.query(wholeOf(values, file)), values.subarray(0, end));
    }
    await writer.close();
  });

  for (const smoothing of [0, 0.9]) {
    it(`begins anew after a resume cut the file, smoothing ${smoothing}`, async () => {
      const shown = (values: Float32Array) => (smoothing === 0 ? values : smoothAll(values, 0.9));
      const random = randomFrom(5);
      const values = Float32Array.from({ length: 10_000 }, random);
      const file = writeSeries(values);
      const data = new PlotData();
      const query = { ...wholeOf(values, file), series: [{ ...rawOf(file), smoothing }] };
      assertTrue(await data.query(query), shown(values));
      truncateSync(file, 128 + 4 * 6000);
      await data.refresh([file]);
      assertTrue(await data.query(query), shown(values.subarray(0, 6000)));
      // Cut and grown beyond its old length between two looks.
      const other = Float32Array.from({ length: 9000 }, random);
      truncateSync(file, 128 + 4 * 3000);
      appendFileSync(file, float32Bytes(other));
      await data.refresh([file]);
      const all = Float32Array.of(...values.subarray(0, 3000), ...other);
      assertTrue(await data.query(query), shown(all));
    });
  }

  it('notices in the middle of a query that the file was cut', async () => {
    const values = Float32Array.from({ length: 300_000 }, randomFrom(6));
    const file = writeSeries(values);
    const data = new PlotData({ memoryCap: 16.5e6 });
    const query = wholeOf(values, file);
    await data.query({ ...query, first: 1 });
    truncateSync(file, 128 + 4 * 1000);
    assertTrue(await data.query(query), values.subarray(0, 1000));
  });

  it('places a column that does not begin at step 0', async () => {
    const values = Float32Array.from({ length: 50 }, (_, i) => i);
    const file = writeSeries(values, { first: 1000 });
    const data = new PlotData();
    const query = { ...plain, series: [rawOf(file)], first: 1010, last: 1020 };
    const answer = await data.query(query);
    assertTrue(answer, values, { x: { origin: 1000, stride: 1 } });
    assert.equal(columnsOf(answer).firsts[0], 10);
    assert.deepEqual([answer.scale.low, answer.scale.high], [10, 20]);
    assert.deepEqual([columnsOf(answer).before, columnsOf(answer).after], [9, 21]);
    const inEpochs = { ...rawOf(file), x: { origin: 0.25, stride: 0.25 } };
    const whole = await data.query({ ...query, series: [inEpochs], first: null, last: null });
    assert.deepEqual([whole.first, whole.last], [250.25, 262.5]);
    assertTrue(whole, values, { x: { origin: 250.25, stride: 0.25 } });
  });

  it('lays steps and epochs of several runs on one axis', async () => {
    const steps = writeSeries(Float32Array.of(9, 8, 7, 6, 5, 4), { name: 'steps' });
    const epochs = writeSeries(Float32Array.of(8, 5), { name: 'epochs' });
    const ofEpochs = { ...rawOf(epochs), x: { origin: 3, stride: 3 } };
    const series = [{ ...rawOf(steps), x: { origin: 1, stride: 1 } }, ofEpochs];
    const query = { ...plain, columns: 6, series, first: null, last: null };
    const answer = await new PlotData().query(query);
    assert.deepEqual([answer.first, answer.last], [1, 6]);
    assert.deepEqual([...columnsOf(answer, 0).firsts], [9, 8, 7, 6, 5, 4]);
    const { firsts, filled } = columnsOf(answer, 1);
    assert.deepEqual(
      [[...firsts], [...filled.columns]],
      [
        [8, 5],
        [2, 5],
      ],
    );
  });

  it('shows all points where the view has no edges of its own', async () => {
    const data = new PlotData();
    const none = writeSeries(new Float32Array(), { name: 'none' });
    const one = writeSeries(Float32Array.of(7), { name: 'one' });
    const missing = path.join(folder(), 'missing.f32');
    const edges = async (files: readonly string[], first: number | null, last: number | null) => {
      const answer = await data.query({ ...plain, series: files.map(rawOf), first, last });
      return [answer.first, answer.last];
    };
    assert.deepEqual(await edges([none, missing], null, null), [0, 1]);
    assert.deepEqual(await edges([none, one], null, null), [-0.5, 0.5]);
    assert.deepEqual(await edges([one], null, 5), [0, 5]);
    assert.deepEqual(await edges([one], null, -5), [-6, -5]);
    assert.deepEqual(await edges([one], 4, null), [4, 5]);
    assert.deepEqual(await edges([one], -4, null), [-4, 0]);
  });

  it('gives the points nearest to an x, smoothed or not, wherever the axis lies', async () => {
    const values = Float32Array.from({ length: 6000 }, randomFrom(4));
    values[5000] = NaN;
    const file = writeSeries(values, { first: 10 });
    const smoothed = smoothAll(values, 0.8);
    const data = new PlotData();
    for (const stride of [1, 52, 0.25]) {
      const x = { origin: 3, stride };
      const series = [0, 0.8].map((smoothing) => ({ file, smoothing, x }));
      for (const point of [0, 255, 256, 4096, 5000, 5999]) {
        const at = 3 + stride * (point + 10);
        const expected = [values, smoothed].map((all) => ({ x: at, value: all[point]! }));
        for (const near of [-0.5, -0.2, 0, 0.4]) {
          assert.deepEqual(await data.valuesAt(series, at + near * stride), expected);
        }
        if (point === 0) assert.deepEqual(await data.valuesAt(series, -1e9), expected);
        if (point === 5999) assert.deepEqual(await data.valuesAt(series, 1e9), expected);
      }
    }
    const empty = [writeSeries(new Float32Array(), { name: 'none' }), folder()].map(rawOf);
    assert.deepEqual(await data.valuesAt(empty, 20), [null, null]);
  });

  it('has nothing to show of a file without a whole header', async () => {
    const file = path.join(folder(), 'loss.f32');
    for (const bytes of ['', '{"format":"f32le"']) {
      writeFileSync(file, bytes);
      const answer = await new PlotData().query(wholeOf(new Float32Array(), file));
      const { count, flags } = columnsOf(answer);
      assert.deepEqual([count, flags.length], [0, 0]);
    }
  });

  it('says of each unreadable series why, and draws the others', async () => {
    const good = writeSeries(Float32Array.of(1, 2));
    const bad = path.join(folder(), 'bad.f32');
    writeFileSync(bad, 'x'.repeat(400));
    const missing = path.join(folder(), 'missing.f32');
    const series = [bad, missing, good].map(rawOf);
    const data = new PlotData();
    const answer = await data.query({ ...plain, series, first: 0, last: 1 });
    const problems = answer.series.map((one) => ('problem' in one ? one.problem : ''));
    assert.match(problems[0]!, /cannot read the points of .*bad\.f32: /);
    assert.match(problems[1]!, /missing\.f32: .*ENOENT/);
    assertTrue(answer, Float32Array.of(1, 2), { series: 2 });
    writeSeries(Float32Array.of(5), { name: 'missing' });
    assert.equal(columnsOf(await data.query({ ...plain, series, first: 0, last: 1 }), 1).count, 1);
  });

  it('reads nothing again, and scans at most two buckets per column, when a long run is zoomed', async () => {
    const values = Float32Array.from({ length: 1_000_000 }, randomFrom(7));
    const file = writeSeries(values);
    const data = new PlotData();
    await data.query(wholeOf(values, file));
    const { bytesRead } = data.work;
    assert.equal(bytesRead, 4e6);
    const random = randomFrom(8);
    for (let zoom = 0; zoom < 20; zoom++) {
      Object.assign(data.work, { pointsScanned: 0, summariesVisited: 0 });
      const [a, b] = [random() * 1e6, random() * 1e6];
      const query = { ...wholeOf(values, file), first: Math.min(a, b), last: Math.max(a, b) };
      await data.query(query);
      const { pointsScanned, summariesVisited } = data.work;
      assert.ok(pointsScanned <= 200 * 2 * 256, `${pointsScanned} points`);
      assert.ok(summariesVisited <= 200 * 60, `${summariesVisited} summaries`);
    }
    assert.equal(data.work.bytesRead, bytesRead);
  });

  it('reads only what was added when a file has grown', async () => {
    const values = Float32Array.from({ length: 500_000 }, randomFrom(9));
    const file = writeSeries(values.subarray(0, 499_000));
    const data = new PlotData();
    const query = { ...wholeOf(values, file), series: [{ ...rawOf(file), smoothing: 0.9 }] };
    await data.query(query);
    const { bytesRead } = data.work;
    appendFileSync(file, float32Bytes(values.subarray(499_000)));
    await data.refresh([file]);
    assertTrue(await data.query(query), smoothAll(values, 0.9));
    assert.ok(data.work.bytesRead - bytesRead < 40_000, `${data.work.bytesRead - bytesRead} bytes`);
  });

  it('stays under its memory cap and exact while it forgets and reads again', async () => {
    const memoryCap = 16e6 + 400_000;
    const data = new PlotData({ memoryCap });
    const all = [1, 2, 3].map((seed) => Float32Array.from({ length: 100_000 }, randomFrom(seed)));
    const files = all.map((values, i) => writeSeries(values, { name: `run${i}` }));
    for (let round = 0; round < 3; round++) {
      for (const [i, file] of files.entries()) {
        assertTrue(await data.query(wholeOf(all[i]!, file)), all[i]!);
        assert.ok(data.bytes <= memoryCap, `${data.bytes} bytes`);
      }
    }
    assert.ok(data.work.bytesRead > 1_200_000, 'the cap made it read again');
  });
});
