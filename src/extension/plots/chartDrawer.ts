/** Draws the charts of a plot from the points on disk, for a view that colours them. */
import type { PlotData } from '../../plotData/plotData.ts';
import type { Sheet } from '../../plotData/sheets.ts';
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
import type { ChartLine, RunLines } from './chartLines.ts';
import { FirstLook } from './firstLook.ts';
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
interface Answered {
  readonly key: string;
  readonly answer: PlotAnswer;
}

interface Look {
  readonly layers: readonly Layer[];
  /** x at the edges. */
  readonly edges: PlotRange;
  /** Whether files of further lines are still to be opened. */
  readonly isPartial: boolean;
}

interface ChartQuery extends Pick<Look, 'layers' | 'edges'> {
  readonly wish: DrawWish;
  readonly baselines: readonly number[];
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
  readonly #answered = new Map<string, Answered>();
  readonly #lines = new KnownLines();
  readonly #firstLook = new FirstLook();
  #wholeLoss: { readonly key: string; readonly range: PlotRange } | null = null;

  /** Null for a chart that no run has. */
  async draw(wish: DrawWish, options: DrawOptions): Promise<ChartDrawing | null> {
    const { data, runs } = options;
    if (!runs.some(({ series }) => series.some(({ name }) => name === wish.chart))) return null;
    const { layers, edges, isPartial } = await this.#look(wish, options);
    const all = baselinesOf(runs, wish.chart);
    const baselines = all.length > mostBaselines ? [] : all;
    const query = { wish, layers, edges, baselines };
    const { scale, series } = await this.#answer(query, options);
    const known = series.map((one) => ('columns' in one ? one.columns : null));
    const brokenColumns = columnsWhere(layers, known, {
      any: ({ anyFlags }) => (anyFlags & breaking) !== 0,
      at: ({ flags }, i) => (flags[i]! & breaking) !== 0,
    });
    const groups = groupsOf(layers, wish);
    return {
      ...edges,
      scale,
      picture: await data.sheets.picture(sheetsOf(groups, known), {
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
      broken: brokenColumns.length === 0 ? null : await firstBroken(data, layers, edges.first),
      problems: series
        .flatMap((one) => ('problem' in one ? [one.problem] : []))
        .slice(0, mostProblems),
      points: countPoints(layers, known),
      isPartial,
    };
  }

  /** What can be drawn by now. All charts show the same part: that of the losses, as long as there are some. */
  async #look(wish: DrawWish, options: DrawOptions): Promise<Look> {
    const { chart, look } = wish;
    const lines = this.#lines.of(wish, options);
    const losses = look.zoom === null ? this.#lines.of({ look, chart: 'loss' }, options) : [];
    const needed = chart === 'loss' ? lines : [...lines, ...losses];
    const isAll = await this.#firstLook.open(needed, chart, options.data);
    const known = (all: readonly ChartLine[]) => (isAll ? all : this.#firstLook.opened(all));
    const shown = known(lines);
    const edges = look.zoom ?? (await this.#whole([known(losses), shown], wish, options));
    return { layers: layersOf(shown, smoothingOf(wish)), edges, isPartial: !isAll };
  }

  /** Of the first of these lists of lines that is not empty. */
  async #whole(
    lists: readonly (readonly ChartLine[])[],
    { look: { axis, hiddenRuns, hiddenKinds } }: DrawWish,
    { data, version }: DrawOptions,
  ): Promise<PlotRange> {
    const place = lists.findIndex((lines) => lines.length > 0);
    const lines = lists[place] ?? [];
    const key = JSON.stringify([version, axis, hiddenRuns, hiddenKinds, place, lines.length]);
    if (place === 0 && this.#wholeLoss?.key === key) return this.#wholeLoss.range;
    const range = await data.whole(lines.map(({ file, x }) => ({ file, x, smoothing: 0 })));
    if (place === 0) this.#wholeLoss = { key, range };
    return range;
  }

  async #answer(
    { wish, layers, edges, baselines }: ChartQuery,
    { data, version }: DrawOptions,
  ): Promise<PlotAnswer> {
    const { chart, look, columns, rows } = wish;
    const { log } = look;
    const key = JSON.stringify([version, look, edges, columns, rows, layers.length]);
    const known = this.#answered.get(chart);
    if (known?.key === key) return known.answer;
    const isWholeLoss = chart === 'loss' && look.zoom === null && !log;
    const refit: PlotQuery['refit'] = (range, series) => {
      const seen = isWholeLoss ? afterFirstEpoch(range, layers, series) : range;
      return withRoom(chart === 'loss' ? seen : including(seen, baselines, log), log);
    };
    const answer = await data.query({
      series: layers.map(({ line: { file, x }, smoothing }) => ({ file, x, smoothing })),
      first: edges.first,
      last: edges.last,
      columns,
      rows,
      log,
      low: null,
      high: null,
      refit,
    });
    this.#answered.set(chart, { key, answer });
    return answer;
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
