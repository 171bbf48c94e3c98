/** What a crosshair says: the points of the lines shown that are nearest to it, from the files, exactly. */
import type { PlotData } from '../../plotData/plotData.ts';
import { toJsonNumber } from '../../shared/jsonNumbers.ts';
import type { SeriesRequest } from '../../shared/plot/plotAnswer.ts';
import { isDrawable } from '../../shared/plot/valueScale.ts';
import type { Crosshair, LossPlotContract } from '../../shared/protocol/views/lossPlot.ts';
import { chartLines, smoothingOf } from './chartLines.ts';
import type { ChartLine, RunLines } from './chartLines.ts';

type Wish = LossPlotContract['requests']['plot/values']['args'];

export async function crosshairAt(
  wish: Wish,
  data: PlotData,
  runs: readonly RunLines[],
): Promise<Crosshair> {
  const { x, y, most, look } = wish;
  const lines = chartLines(runs, wish);
  const points = await data.valuesAt(lines.map(requestOf(0)), x);
  const found = lines.flatMap((line, i) => {
    const point = points[i];
    return point == null ? [] : [{ line, point, away: distance(point.value, y, look.log) }];
  });
  // Stable: without a value to be near to, in the order of the lines.
  const nearest = found.sort((a, b) => a.away - b.away).slice(0, most);
  const smoothed = await smoothedAt(
    nearest.map(({ line }) => line),
    wish,
    data,
  );
  const values = nearest.map(({ line: { run, kind }, point: { x: at, value } }, i) => {
    return { run, kind, x: at, value: toJsonNumber(value), smoothed: smoothed[i] ?? null };
  });
  return { values, more: lines.length - values.length };
}

async function smoothedAt(lines: readonly ChartLine[], wish: Wish, data: PlotData) {
  const smoothing = smoothingOf(wish);
  if (smoothing === 0) return [];
  const points = await data.valuesAt(lines.map(requestOf(smoothing)), wish.x);
  return points.map((point) => (point === null ? null : toJsonNumber(point.value)));
}

function requestOf(smoothing: number): (line: ChartLine) => SeriesRequest {
  return ({ file, x }) => ({ file, x, smoothing });
}

/** Along the value axis; a value without a place on it is farthest away. */
function distance(value: number, y: number | null, log: boolean): number {
  if (y === null) return 0;
  if (!isDrawable(value, log) || !isDrawable(y, log)) return Number.MAX_VALUE;
  return log ? Math.abs(Math.log(value / y)) : Math.abs(value - y);
}
