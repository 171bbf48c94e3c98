/** Draws the charts of a plot from the points on disk, for a view that colours them. */
import type { PlotData } from '../../plotData/plotData.ts';
import type { LineStyle } from '../../plotData/raster.ts';
import { Sheets, type Sheet } from '../../plotData/sheets.ts';
import type { PlotRange } from '../../shared/plot/look.ts';
import { toJsonNumber } from '../../shared/jsonNumbers.ts';
import { breakingFlags } from '../../shared/plot/plotAnswer.ts';
import type { PlotAnswer, PlotQuery, SeriesColumns } from '../../shared/plot/plotAnswer.ts';
import type { BrokenPoint, ChartDrawing, DrawWish } from '../../shared/protocol/views/lossPlot.ts';
import { baselinesOf, chartLines, smoothingOf } from './chartLines.ts';
import type { RunLines } from './chartLines.ts';
import { layersOf, styleOf } from './layers.ts';
import type { Layer } from './layers.ts';
import { afterFirstEpoch, including, withRoom } from './valueRoom.ts';

export interface DrawOptions {
  readonly data: PlotData;
  readonly runs: readonly RunLines[];
  /** Another number whenever the runs or their points may have changed. */
  readonly version: number;
}

/** What was found lately. */
interface Found<T> {
  readonly key: string;
  readonly found: T;
}

/** A layer and what is known of its points; null for a file that cannot be read. */
interface ReadLayer extends Layer {
  readonly columns: SeriesColumns | null;
}

/** More than one or two say nothing. */
const mostBaselines = 2;
const mostProblems = 3;

/** Of values that have no place on any scale. */
const breaking = breakingFlags(false);

export class ChartDrawer {
  /** By chart: another order of the layers needs no new answer. */
  readonly #answered = new Map<string, Found<PlotAnswer>>();
  readonly #wholes = new Map<string, Found<PlotRange>>();
  readonly #sheets = new Sheets();

  /** So far; what is remembered is not drawn again. */
  get linesDrawn(): number {
    return this.#sheets.linesDrawn;
  }

  /** Null for a chart that no run has. */
  async draw(wish: DrawWish, options: DrawOptions): Promise<ChartDrawing | null> {
    const { data, runs } = options;
    if (!runs.some(({ series }) => series.some(({ name }) => name === wish.chart))) return null;
    const layers = layersOf(chartLines(runs, wish), smoothingOf(wish));
    const all = baselinesOf(runs, wish.chart);
    const baselines = all.length > mostBaselines ? [] : all;
    const { first, last, scale, series } = await this.#answer(wish, layers, {
      ...options,
      baselines,
    });
    const read = layers.map((layer, i): ReadLayer => {
      const one = series[i]!;
      return { ...layer, columns: 'columns' in one ? one.columns : null };
    });
    const brokenColumns = columnsWhere(read, {
      any: ({ anyFlags }) => (anyFlags & breaking) !== 0,
      at: ({ flags }, i) => (flags[i]! & breaking) !== 0,
    });
    return {
      first,
      last,
      scale,
      picture: await this.#sheets.picture(sheetsOf(read, wish), {
        columns: wish.columns,
        scale,
        raised: raisedOnes(read, runs, wish.raised),
      }),
      lines: read.map(({ run, kind, faint }) => ({ run, kind, faint })),
      baselines,
      brokenColumns,
      cutColumns: columnsWhere(read, {
        any: ({ highest }) => highest > scale.high,
        at: ({ maxs }, i) => maxs[i]! > scale.high,
      }),
      broken: brokenColumns.length === 0 ? null : await firstBroken(data, layers, first),
      problems: series
        .flatMap((one) => ('problem' in one ? [one.problem] : []))
        .slice(0, mostProblems),
      points: countPoints(read),
    };
  }

  async #answer(
    wish: DrawWish,
    layers: readonly Layer[],
    { data, runs, version, baselines }: DrawOptions & { readonly baselines: readonly number[] },
  ): Promise<PlotAnswer> {
    const { chart, look, columns, rows } = wish;
    const { log } = look;
    const key = JSON.stringify([version, look, columns, rows]);
    const known = this.#answered.get(chart);
    if (known?.key === key) return known.found;
    const isWholeLoss = chart === 'loss' && look.zoom === null && !log;
    const refit: PlotQuery['refit'] = (range, series) => {
      const seen = isWholeLoss ? afterFirstEpoch(range, layers, series) : range;
      return withRoom(chart === 'loss' ? seen : including(seen, baselines, log), log);
    };
    const { first, last } = look.zoom ?? (await this.#whole(wish, { data, runs, version }));
    const query: PlotQuery = {
      series: layers.map(({ line: { file, x }, smoothing }) => ({ file, x, smoothing })),
      first,
      last,
      columns,
      rows,
      log,
      low: null,
      high: null,
      refit,
    };
    const answer = await data.query(query);
    this.#answered.set(chart, { key, found: answer });
    return answer;
  }

  /** That of the losses for every chart, so that all show the same part. */
  async #whole(wish: DrawWish, { data, runs, version }: DrawOptions): Promise<PlotRange> {
    const { look, chart } = wish;
    const key = JSON.stringify([version, look.axis, look.hiddenRuns, look.hiddenKinds]);
    const known = this.#wholes.get(chart);
    if (known?.key === key) return known.found;
    const losses = chartLines(runs, { chart: 'loss', look });
    const lines = losses.length > 0 ? losses : chartLines(runs, wish);
    const found = await data.whole(lines.map(({ file, x }) => ({ file, x, smoothing: 0 })));
    this.#wholes.set(chart, { key, found });
    return found;
  }
}

/** Lines of a kind each, faint ones apart. */
function sheetsOf(layers: readonly ReadLayer[], wish: DrawWish): readonly Sheet[] {
  const sheets: { readonly lines: (SeriesColumns | null)[]; readonly style: LineStyle }[] = [];
  let before: ReadLayer | null = null;
  for (const layer of layers) {
    const { kind, faint, columns } = layer;
    if (before?.kind === kind && before.faint === faint) sheets.at(-1)!.lines.push(columns);
    else sheets.push({ lines: [columns], style: styleOf(layer, wish, layers.length) });
    before = layer;
  }
  return sheets;
}

/** Which layers are of the run that stands out. */
function raisedOnes(
  layers: readonly Layer[],
  runs: readonly RunLines[],
  raised: string | null,
): ReadonlySet<number> {
  if (raised === null) return new Set();
  const isRaised = ({ run }: Layer) => runs[run]?.directory === raised;
  return new Set(layers.flatMap((layer, i) => (isRaised(layer) ? [i] : [])));
}

/** What holds of some columns, told by their entry; `any` tells quickly of a series that it holds nowhere. */
interface Mark {
  readonly any: (series: SeriesColumns) => boolean;
  readonly at: (series: SeriesColumns, entry: number) => boolean;
}

/** Of the values themselves: smoothed ones are broken and cut where these are. */
function columnsWhere(layers: readonly ReadLayer[], mark: Mark): readonly number[] {
  const found = new Set<number>();
  for (const { smoothing, columns } of layers) {
    if (smoothing > 0 || columns === null || !mark.any(columns)) continue;
    for (const [i, column] of columns.filled.columns.entries()) {
      if (mark.at(columns, i)) found.add(column);
    }
  }
  return [...found].sort((a, b) => a - b);
}

async function firstBroken(
  data: PlotData,
  layers: readonly Layer[],
  from: number,
): Promise<BrokenPoint | null> {
  let first: BrokenPoint | null = null;
  for (const { line, smoothing, run } of layers) {
    if (smoothing > 0) continue;
    const found = await data.firstNotFinite({ file: line.file, x: line.x, smoothing: 0 }, from);
    if (found === null || found.x >= (first?.x ?? Infinity)) continue;
    first = { run, x: found.x, value: toJsonNumber(found.value) };
  }
  return first;
}

function countPoints(layers: readonly ReadLayer[]): number {
  const counts = layers.map(({ smoothing, columns }) =>
    smoothing === 0 ? (columns?.count ?? 0) : 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
