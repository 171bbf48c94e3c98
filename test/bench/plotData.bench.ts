/**
 * The data engine of the plot: 10 million points of one run, and 1,000 runs overlaid.
 * `node --import tsx test/bench/plotData.bench.ts [--huge]` prints one JSON line per measurement, in milliseconds
 * (`wholeCpu`: of processor time, for when the machine is busy). `--huge` adds a run larger than the memory cap.
 */
import { mkdtempSync, openSync, closeSync, writeSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { columnHeader } from '../../src/shared/columns/columnFormat.ts';
import type { PlotQuery } from '../../src/shared/plot/plotAnswer.ts';
import { PlotData } from '../../src/plotData/plotData.ts';
import { plainPlaces, randomFrom } from '../kit/plotSeries.ts';
import { digits, median } from './table.ts';

const view = { columns: 1000, rows: 500, log: false, low: null, high: null } as const;
const folder = mkdtempSync(path.join(tmpdir(), 'trainbench-plot-'));
const random = randomFrom(1);

/** A falling loss with noise; every `gap`th value is NaN. */
function writeSeries(name: string, count: number, gap = Infinity): string {
  const file = path.join(folder, `${name}.f32`);
  writeFileSync(file, columnHeader('loss'));
  const descriptor = openSync(file, 'a');
  const slice = 1_000_000;
  for (let start = 0; start < count; start += slice) {
    const values = Float32Array.from({ length: Math.min(slice, count - start) }, (_, i) =>
      (start + i) % gap === gap - 1 ? NaN : Math.exp((-5 * (start + i)) / count) + random() / 10,
    );
    writeSync(descriptor, new Uint8Array(values.buffer));
  }
  closeSync(descriptor);
  return file;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function report(what: string, values: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(values).map(([key, value]) => [key, Number(digits(value))]);
  process.stdout.write(`${JSON.stringify({ what, ...Object.fromEntries(rounded) })}\n`);
}

/** Random parts of the series, most of them deep in it. */
async function zooms(data: PlotData, query: PlotQuery, points: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 100; i++) {
    const width = points * 10 ** (-4 * random());
    const first = random() * (points - width);
    times.push(await timed(() => data.query({ ...query, first, last: first + width })));
  }
  return times;
}

async function measureLong(what: string, file: string, points: number, smoothing = 0) {
  const data = new PlotData();
  const query = {
    ...view,
    series: [{ file, smoothing, x: plainPlaces }],
    first: 0,
    last: points - 1,
  };
  const opened = await timed(() => data.valuesAt(query.series, 0));
  const first = await timed(() => data.query(query));
  const whole = median(await repeated(() => data.query(query)));
  const log = median(await repeated(() => data.query({ ...query, log: true })));
  const zoom = await zooms(data, query, points);
  const times = { opened, first, whole, log, zoom: median(zoom), slowestZoom: Math.max(...zoom) };
  report(what, { ...times, heldMB: data.bytes / 1e6, residentMB: residentMB() });
}

async function repeated(action: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) times.push(await timed(action));
  return times;
}

function residentMB(): number {
  return process.memoryUsage().rss / 1e6;
}

async function measureOverlay(runs: number, points: number, smoothing: number): Promise<void> {
  const files = Array.from({ length: runs }, (_, i) => writeSeries(`run${i}`, points));
  const data = new PlotData();
  const series = files.map((file) => ({ file, smoothing, x: plainPlaces }));
  const query = { ...view, series, first: 0, last: points - 1 };
  const first = await timed(() => data.query(query));
  const before = process.cpuUsage();
  const wholes = await repeated(() => data.query(query));
  const { user, system } = process.cpuUsage(before);
  const whole = median(wholes);
  const wholeCpu = (user + system) / 1000 / wholes.length;
  const zoomed = { ...query, first: points * 0.3, last: points * 0.4 };
  const zoom = median(await repeated(() => data.query(zoomed)));
  const refresh = median(await repeated(() => data.refresh(files)));
  const what = `${runs} runs of ${points} points, smoothing ${smoothing}`;
  const times = { first, whole, wholeCpu, zoom, refresh };
  report(what, { ...times, heldMB: data.bytes / 1e6, residentMB: residentMB() });
}

try {
  const points = 10_000_000;
  const file = writeSeries('long', points);
  await measureLong('10 million points', file, points);
  await measureLong('10 million points, smoothed', file, points, 0.99);
  await measureLong('10 million points, every 100th NaN', writeSeries('gaps', points, 100), points);
  await measureOverlay(1000, 2000, 0);
  await measureOverlay(1000, 2000, 0.9);
  if (process.argv.includes('--huge')) {
    await measureLong('200 million points', writeSeries('huge', 20 * points), 20 * points);
  }
} finally {
  rmSync(folder, { recursive: true });
}
