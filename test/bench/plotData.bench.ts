/**
 * The plot: every touch of it with one run, with 1,000 and with 10 million steps; then its data engine alone.
 * `node --import tsx test/bench/plotData.bench.ts [--huge]` prints one JSON line per measurement, in milliseconds
 * (`wholeCpu`: of processor time, for when the machine is busy). `--huge` adds a run larger than the memory cap.
 */
import { mkdtempSync, openSync, closeSync, writeSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { columnHeader } from '../../src/shared/columns/columnFormat.ts';
import { readSeries } from '../../src/core/runs/readRun.ts';
import { ChartDrawer } from '../../src/extension/plots/chartDrawer.ts';
import type { RunLines } from '../../src/extension/plots/chartLines.ts';
import { crosshairAt } from '../../src/extension/plots/crosshair.ts';
import { defaultLook, type PlotLook } from '../../src/shared/plot/look.ts';
import type { PlottedRun } from '../../src/shared/protocol/core.ts';
import type { PlotQuery } from '../../src/shared/plot/plotAnswer.ts';
import { PlotData } from '../../src/plotData/plotData.ts';
import { plainPlaces, randomFrom } from '../kit/plotSeries.ts';
import { writeSyntheticRun, writeSyntheticRuns } from '../kit/syntheticRuns.ts';
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
  const whole = median(await repeated((i) => data.query(almost(query, i))));
  const log = median(await repeated((i) => data.query({ ...almost(query, i), log: true })));
  const zoom = await zooms(data, query, points);
  const times = { opened, first, whole, log, zoom: median(zoom), slowestZoom: Math.max(...zoom) };
  report(what, { ...times, heldMB: data.bytes / 1e6, residentMB: residentMB() });
}

/** The very same view would be answered from memory. */
function almost<Query extends { readonly first: number }>(query: Query, i: number): Query {
  return { ...query, first: query.first + i / 1000 };
}

async function repeated(action: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) times.push(await timed(() => action(i)));
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
  const whole = await measured((i) => data.query(almost(query, i)));
  const zoomed = { ...query, first: points * 0.3, last: points * 0.4 };
  const zoom = median(await repeated((i) => data.query(almost(zoomed, i))));
  const refresh = median(await repeated(() => data.refresh(files)));
  const what = `${runs} runs of ${points} points, smoothing ${smoothing}`;
  const times = { first, whole: whole.wall, wholeCpu: whole.cpu, zoom, refresh };
  report(what, { ...times, heldMB: data.bytes / 1e6, residentMB: residentMB() });
}

/** Median, and processor time of one. */
async function measured(
  action: (i: number) => Promise<unknown>,
): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const times = await repeated(action);
  const { user, system } = process.cpuUsage(before);
  return { wall: median(times), cpu: (user + system) / 1000 / times.length };
}

/** What the host does at each touch of a plot, up to the message to its view. */
async function measureInteractions(what: string, runs: readonly RunLines[], look: PlotLook) {
  const data = new PlotData();
  const drawer = new ChartDrawer();
  const wish = { chart: 'loss', columns: view.columns, rows: view.rows, lineWidth: 2 } as const;
  const draw = async (part: Partial<PlotLook>, raised: string | null = null) => {
    const options = { data, runs, version: 0 };
    const drawing = await drawer.draw({ ...wish, raised, look: { ...look, ...part } }, options);
    return drawing!;
  };
  const first = await timed(() => draw({}));
  const rest = await timed(async () => {
    while ((await draw({})).isPartial);
  });
  const { picture, lines, last } = await draw({});
  const zoom = await measured(() => {
    const at = random() * 0.8 * last;
    return draw({ zoom: { first: at, last: at + (0.01 + random() / 5) * last } });
  });
  const smooth = await measured((i) => draw({ smoothing: 0.5 + i / 100 }));
  const directories = runs.map(({ directory }) => directory);
  const some = () => directories[Math.floor(random() * directories.length)]!;
  const raise = await measured(() => draw({}, some()));
  const hide = await measured(() => draw({ hiddenRuns: [some()] }));
  const hover = await measured(() =>
    crosshairAt({ chart: 'loss', look, x: random() * last, y: 0.3, most: 12 }, data, runs),
  );
  const count = lines.reduce((sum, { runs: group }) => sum + group.length, 0);
  report(what, {
    ...{
      lines: count,
      first,
      whole: first + rest,
      zoom: zoom.wall,
      zoomCpu: zoom.cpu,
      smooth: smooth.wall,
      smoothCpu: smooth.cpu,
      raise: raise.wall,
    },
    ...{ raiseCpu: raise.cpu, hide: hide.wall, hideCpu: hide.cpu, hover: hover.wall },
    ...{ hoverCpu: hover.cpu, sentKB: picture.runs.byteLength / 1e3 },
    // Had the view been sent columns to draw itself, 17 bytes each.
    ...{ asColumnsKB: (count * view.columns * 17) / 1e3, heldMB: data.bytes / 1e6 },
  });
}

async function measurePlots(): Promise<void> {
  const shape = { steps: 2000, stepsPerEpoch: 50 };
  const directories = writeSyntheticRuns(path.join(folder, 'many'), 1000, shape);
  const runs = (await readSeries(directories)).flatMap((run) => ('series' in run ? [run] : []));
  const everything = { ...defaultLook, hiddenKinds: [] };
  await measureInteractions('plot of one run', runs.slice(0, 1), defaultLook);
  await measureInteractions('plot of 1,000 runs', runs, defaultLook);
  await measureInteractions('plot of 1,000 runs, every line', runs, everything);
  const smooth = { ...everything, smoothing: 0.9 };
  await measureInteractions('plot of 1,000 runs, every line, smoothed', runs, smooth);
  const long = { name: 'long', steps: 10_000_000, stepsPerEpoch: 10_000 };
  const directory = writeSyntheticRun(folder, long);
  const [longRun] = await readSeries([directory]);
  await measureInteractions('plot of 10 million steps', [longRun as PlottedRun], defaultLook);
}

try {
  await measurePlots();
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
