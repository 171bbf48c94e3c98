/** Draws the charts of a plot from the points on disk, for a view that colours them. */
import type { PlotData } from '../../plotData/plotData.ts';
import { Sheets, type Sheet } from '../../plotData/sheets.ts';
import type { PlotRange } from '../../shared/plot/look.ts';
import { toJsonNumber } from '../../shared/jsonNumbers.ts';
import { breakingFlags } from '../../shared/plot/plotAnswer.ts';
import type { PlotAnswer, PlotQuery, SeriesColumns } from '../../shared/plot/plotAnswer.ts';
import type {
  BrokenPoint,
  ChartDrawing,
  DrawnLines,
  DrawWish,
} from '../../shared/protocol/views/lossPlot.ts';
import { baselinesOf, smoothingOf } from './chartLines.ts';
import type { RunLines } from './chartLines.ts';
import { KnownLines } from './knownLines.ts';
import { groupsOf, layersOf } from './layers.ts';
import type { Layer, LayerGroup } from './layers.ts';
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

/** What is known of the points of each layer; null for a file that cannot be read. */
type LayerColumns = readonly (SeriesColumns | null)[];

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
  readonly #lines = new KnownLines();

  /** So far; what is remembered is not drawn again. */
  get linesDrawn(): number {
    return this.#sheets.linesDrawn;
  }

  /** Null for a chart that no run has. */
  async draw(wish: DrawWish, options: DrawOptions): Promise<ChartDrawing | null> {
    const { data, runs } = options;
    if (!runs.some(({ series }) => series.some(({ name }) => name === wish.chart))) return null;
    const layers = layersOf(this.#lines.of(wish, options), smoothingOf(wish));
    const all = baselinesOf(runs, wish.chart);
    const baselines = all.length > mostBaselines ? [] : all;
    const { first, last, scale, series } = await this.#answer(wish, layers, {
      ...options,
      baselines,
    });
    const known = series.map((one) => ('columns' in one ? one.columns : null));
    const brokenColumns = columnsWhere(layers, known, {
      any: ({ anyFlags }) => (anyFlags & breaking) !== 0,
      at: ({ flags }, i) => (flags[i]! & breaking) !== 0,
    });
    const groups = groupsOf(layers, wish);
    return {
      first,
      last,
      scale,
      picture: await this.#sheets.picture(sheetsOf(groups, known), {
        columns: wish.columns,
        scale,
        raised: raisedOnes(layers, runs, wish.raised),
      }),
      lines: groups.map(drawnLines),
      baselines,
      brokenColumns,
      cutColumns: columnsWhere(layers, known, {
        any: ({ highest }) => highest > scale.high,
        at: ({ maxs }, i) => maxs[i]! > scale.high,
      }),
      broken: brokenColumns.length === 0 ? null : await firstBroken(data, layers, first),
      problems: series
        .flatMap((one) => ('problem' in one ? [one.problem] : []))
        .slice(0, mostProblems),
      points: countPoints(layers, known),
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
    const losses = this.#lines.of({ chart: 'loss', look }, { runs, version });
    const lines = losses.length > 0 ? losses : this.#lines.of(wish, { runs, version });
    const found = await data.whole(lines.map(({ file, x }) => ({ file, x, smoothing: 0 })));
    this.#wholes.set(chart, { key, found });
    return found;
  }
}

/** A sheet for each group: what is known of its points in the order of the layers. */
function sheetsOf(groups: readonly LayerGroup[], known: LayerColumns): readonly Sheet[] {
  let end = 0;
  return groups.map(({ layers, style }) => {
    const start = end;
    end += layers.length;
    return { lines: known.slice(start, end), style };
  });
}

function drawnLines({ kind, faint, layers }: LayerGroup): DrawnLines {
  return { kind, faint, runs: Uint32Array.from(layers, ({ run }) => run) };
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
function columnsWhere(
  layers: readonly Layer[],
  known: LayerColumns,
  mark: Mark,
): readonly number[] {
  const found = new Set<number>();
  for (const [place, { smoothing }] of layers.entries()) {
    const series = known[place]!;
    if (smoothing > 0 || series === null || !mark.any(series)) continue;
    const { columns } = series.filled;
    for (let i = 0; i < columns.length; i++) {
      if (mark.at(series, i)) found.add(columns[i]!);
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

function countPoints(layers: readonly Layer[], known: LayerColumns): number {
  const count = ({ smoothing }: Layer, i: number) => (smoothing === 0 ? (known[i]?.count ?? 0) : 0);
  return layers.reduce((sum, layer, i) => sum + count(layer, i), 0);
}
