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
  pointFlags,
  type PlotAnswer,
  type PlotQuery,
  type SeriesColumns,
} from '../../../src/shared/plot/plotAnswer.ts';
import { isDrawable } from '../../../src/shared/plot/valueScale.ts';
import { xOf, type PointView } from '../../../src/shared/plot/view.ts';
import { differences, drawAnswer, drawEveryPoint } from '../../kit/drawEveryPoint.ts';
import { placeView, randomFrom, seriesValues, viewPlan } from '../../kit/plotSeries.ts';
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

/** Draws both ways, and compares what the columns say with the points themselves, bit for bit. */
function assertTrue(answer: PlotAnswer, values: Float32Array, i = 0): void {
  const columns = columnsOf(answer, i);
  const expected = drawEveryPoint(values, columns.view, answer.scale);
  assert.deepEqual(differences(drawAnswer(columns, answer.scale), expected), []);
  const { view, broken, ...facts } = columns;
  assert.deepEqual(facts, factsOf(values, view, answer.scale.log));
  const breaking = breakingFlags(answer.scale.log);
  const flagged = [...facts.flags.keys()].filter((column) => facts.flags[column]! & breaking);
  assert.deepEqual(
    broken.map(({ column }) => column),
    flagged,
  );
}

/** All that an answer says of a series, point by point. */
function factsOf(values: Float32Array, view: PointView, log: boolean) {
  const places = Array.from(values, (_, i) => Math.floor(xOf(view, i)));
  const columns = Array.from({ length: view.columns }, (): number[] => []);
  for (const [i, place] of places.entries()) columns[place]?.push(values[i]!);
  const drawable = columns.map((column) => column.filter((value) => isDrawable(value, log)));
  const lowest = (list: readonly number[]) => list.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = (list: readonly number[]) => list.reduce((a, b) => Math.max(a, b), -Infinity);
  const flags = Uint8Array.from(columns, (column) =>
    column.reduce((all, value) => all | flagOf(value), 0),
  );
  return {
    count: values.length,
    before: values[places.findLastIndex((place) => place < 0)] ?? NaN,
    after: values[places.findIndex((place) => place >= view.columns)] ?? NaN,
    firsts: Float32Array.from(columns, (column) => column[0] ?? NaN),
    lasts: Float32Array.from(columns, (column) => column.at(-1) ?? NaN),
    mins: Float32Array.from(drawable, lowest),
    maxs: Float32Array.from(drawable, highest),
    flags,
    lowest: lowest(drawable.flat()),
    highest: highest(drawable.flat()),
    anyFlags: flags.reduce((all, flag) => all | flag, 0),
  };
}

function flagOf(value: number): number {
  if (Number.isNaN(value)) return pointFlags.nan;
  if (value === Infinity) return pointFlags.positiveInfinity;
  if (value === -Infinity) return pointFlags.negativeInfinity;
  return value <= 0 ? pointFlags.notPositive : 0;
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
    series: [{ file, smoothing: 0 }],
    first: 0,
    last: Math.max(values.length - 1, 1),
  };
}

describe('plot data', () => {
  it('fills the very pixels that drawing every point fills, in any view of any series', async () => {
    await fc.assert(
      fc.asyncProperty(
        seriesValues,
        fc.array(viewPlan, { minLength: 1 }),
        async (values, plans) => {
          const file = writeSeries(values);
          const data = new PlotData();
          for (const plan of plans.slice(0, 4)) {
            const view = placeView(plan, values.length);
            assertTrue(await data.query({ series: [{ file, smoothing: 0 }], ...view }), values);
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
        const answer = await new PlotData().query({ series: [{ file, smoothing }], ...view });
        assertTrue(answer, smoothAll(values, smoothing));
      }),
      { ...properties, numRuns: 80 },
    );
  });

  it('draws several series on one scale that shows all of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(seriesValues, { minLength: 2, maxLength: 4 }),
        viewPlan,
        async (all, plan) => {
          const files = all.map((values, i) => writeSeries(values, { name: `loss${i}` }));
          const view = placeView(plan, all[0]!.length);
          const series = files.map((file) => ({ file, smoothing: 0 }));
          const answer = await new PlotData().query({ series, ...view });
          for (const [i, values] of all.entries()) assertTrue(answer, values, i);
        },
      ),
      { ...properties, numRuns: 30 },
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
          const query = { series: [{ file, smoothing: weight }], ...view };
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
      const query = { ...wholeOf(values, file), series: [{ file, smoothing }] };
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
    await data.query(query);
    truncateSync(file, 128 + 4 * 1000);
    assertTrue(await data.query(query), values.subarray(0, 1000));
  });

  it('places a column that does not begin at step 0', async () => {
    const values = Float32Array.from({ length: 50 }, (_, i) => i);
    const file = writeSeries(values, { first: 1000 });
    const data = new PlotData();
    assert.deepEqual(await data.extent(file), { first: 1000, count: 50 });
    const query = { ...plain, series: [{ file, smoothing: 0 }], first: 1010, last: 1020 };
    const answer = await data.query(query);
    assertTrue(answer, values);
    assert.equal(columnsOf(answer).firsts[0], 10);
    assert.deepEqual([answer.scale.low, answer.scale.high], [10, 20]);
    assert.deepEqual([columnsOf(answer).before, columnsOf(answer).after], [9, 21]);
  });

  it('gives the values at a step, smoothed or not, and none where there is no point', async () => {
    const values = Float32Array.from({ length: 6000 }, randomFrom(4));
    values[5000] = NaN;
    const file = writeSeries(values, { first: 10 });
    const series = [0, 0.8].map((smoothing) => ({ file, smoothing }));
    const smoothed = smoothAll(values, 0.8);
    const data = new PlotData();
    for (const point of [0, 255, 256, 4096, 5000, 5999]) {
      const expected = [values[point]!, smoothed[point]!];
      assert.deepEqual(await data.valuesAt(series, point + 10), expected);
    }
    for (const step of [9, 6010, 20.5]) {
      assert.deepEqual(await data.valuesAt(series, step), [null, null]);
    }
  });

  it('has nothing to show of a file without a whole header', async () => {
    const file = path.join(folder(), 'loss.f32');
    for (const bytes of ['', '{"format":"f32le"']) {
      writeFileSync(file, bytes);
      const answer = await new PlotData().query(wholeOf(new Float32Array(), file));
      assert.equal(columnsOf(answer).count, 0);
      assert.deepEqual(new Set(columnsOf(answer).flags), new Set([0]));
    }
  });

  it('says of each unreadable series why, and draws the others', async () => {
    const good = writeSeries(Float32Array.of(1, 2));
    const bad = path.join(folder(), 'bad.f32');
    writeFileSync(bad, 'x'.repeat(400));
    const missing = path.join(folder(), 'missing.f32');
    const series = [bad, missing, good].map((file) => ({ file, smoothing: 0 }));
    const data = new PlotData();
    const answer = await data.query({ ...plain, series, first: 0, last: 1 });
    const problems = answer.series.map((one) => ('problem' in one ? one.problem : ''));
    assert.match(problems[0]!, /cannot read the points of .*bad\.f32: /);
    assert.match(problems[1]!, /missing\.f32: ENOENT/);
    assertTrue(answer, Float32Array.of(1, 2), 2);
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
    const query = { ...wholeOf(values, file), series: [{ file, smoothing: 0.9 }] };
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
