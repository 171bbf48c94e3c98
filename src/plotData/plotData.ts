/**
 * Answers a plot's view from column files on disk, exactly, under a memory cap. The caller says when a file
 * may have grown (`refresh`); a query itself looks at no file that it knows.
 */
import { errorMessage, invariant, isError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import {
  breakingFlags,
  type BrokenColumn,
  type NearestPoint,
  type PlotAnswer,
  type PlotQuery,
  type SeriesAnswer,
  type SeriesColumns,
  type SeriesRequest,
} from '../shared/plot/plotAnswer.ts';
import { checkScale, type ValueScale } from '../shared/plot/valueScale.ts';
import { breather } from './breather.ts';
import { brokenRows } from './brokenColumn.ts';
import { chunksOf } from './chunksOf.ts';
import { firstNotFinite } from './firstNotFinite.ts';
import { fitScale } from './fitScale.ts';
import { Memory } from './memory.ts';
import { FileWasCut } from './pageReader.ts';
import type { Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import { SeriesStore, type KnownSeries } from './seriesStore.ts';
import type { ShownPart } from './placedViews.ts';
import { ShownColumns } from './shownColumns.ts';
import { placesInFile, WholeRange, type Edges } from './wholeRange.ts';

export interface PlotDataOptions {
  /** Of all pyramids and pages of points together, in bytes. */
  readonly memoryCap?: number;
}

/** Files to open at a time. */
const parallelFiles = 16;

/** How often a query is tried while resumes cut the files under it. */
const attempts = 3;

export class PlotData {
  readonly work: WorkDone = { pointsScanned: 0, summariesVisited: 0, bytesRead: 0 };
  readonly #memory: Memory<KnownSeries, SeriesColumns>;
  readonly #store: SeriesStore;
  readonly #columns: ShownColumns;

  constructor({ memoryCap = 200e6 }: PlotDataOptions = {}) {
    this.#memory = new Memory(memoryCap);
    this.#store = new SeriesStore(this.#memory, this.work);
    this.#columns = new ShownColumns(this.#memory, this.work);
  }

  /** What is held at the moment. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /** Takes in what these files have gained since they were last looked at. */
  async refresh(files: readonly string[]): Promise<void> {
    for (const chunk of chunksOf(files, parallelFiles)) {
      // A file that cannot be read any more says so in the answer to the next query.
      const refresh = (file: string): Promise<void> =>
        this.#store.refresh(file).catch(() => this.#store.forget(file));
      await Promise.all(chunk.map(refresh));
    }
  }

  /**
   * The point of each series nearest to x, however far away; of two at the same distance the later one. Null
   * for a series that has no points or cannot be read.
   */
  async valuesAt(series: readonly SeriesRequest[], x: number): Promise<(NearestPoint | null)[]> {
    return this.#retried(async () => {
      const values: (NearestPoint | null)[] = [];
      for (const request of series) {
        const nearest = async () => nearestPoint(await this.#store.points(request), request, x);
        const value = await orProblem(request, nearest);
        values.push(value !== null && 'problem' in value ? null : value);
      }
      return values;
    });
  }

  /** The first point of a series, from x on, that is not finite. Null where there is none, or no file. */
  async firstNotFinite(request: SeriesRequest, from: number): Promise<NearestPoint | null> {
    return this.#retried(async () => {
      const find = async () => firstNotFinite(await this.#store.points(request), request.x, from);
      const found = await orProblem(request, find);
      return found !== null && 'problem' in found ? null : found;
    });
  }

  async query(query: PlotQuery): Promise<PlotAnswer> {
    return this.#retried(async () => this.#answer(query, await this.#edges(query)));
  }

  /** Begins anew when a resume cut a file meanwhile. */
  async #retried<T>(action: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof FileWasCut) || attempt === attempts) throw error;
        this.#store.forget(error.file);
      }
    }
  }

  /** x of the outermost points of any series. */
  async whole(series: readonly SeriesRequest[]): Promise<Edges> {
    return this.#edges({ series, first: null, last: null });
  }

  /** An edge that is null lies at the outermost point of any series. */
  async #edges({
    series,
    first,
    last,
  }: Pick<PlotQuery, 'series' | 'first' | 'last'>): Promise<Edges> {
    if (first !== null && last !== null) return { first, last };
    const whole = new WholeRange();
    for (const chunk of chunksOf(series, parallelFiles)) {
      await this.#open(chunk);
      for (const request of chunk) {
        const open = () => this.#store.points(request);
        const points = this.#store.known(request) ?? (await orProblem(request, open));
        // A file that cannot be read says so in the answer.
        if (!('problem' in points)) whole.add(points, request.x);
      }
    }
    return whole.edges(first, last);
  }

  async #answer(query: PlotQuery, edges: Edges): Promise<PlotAnswer> {
    checkQuery(query);
    const summaries: SeriesAnswer[] = [];
    const part = { ...edges, columns: query.columns, log: query.log };
    const breathe = breather();
    for (const chunk of chunksOf(query.series, parallelFiles)) {
      await this.#open(chunk);
      for (const request of chunk) {
        const known = this.#known(request, part);
        // One after the other, so that a query holds the pages of only one series.
        summaries.push(known ?? (await orProblem(request, () => this.#summarise(request, part))));
      }
      await breathe();
    }
    const columns = summaries.map((answer) => ('problem' in answer ? null : answer.columns));
    const scale = fitScale(query, columns);
    const series: SeriesAnswer[] = [];
    for (const [i, summary] of summaries.entries()) {
      if ('problem' in summary || !isBroken(summary.columns, scale)) {
        series.push(summary);
        continue;
      }
      const request = query.series[i]!;
      const add = () => this.#addBroken(request, summary.columns, scale);
      series.push(await orProblem(request, add));
    }
    return { ...edges, scale, series };
  }

  /** Several files at a time; those that cannot be read will say so. */
  async #open(series: readonly SeriesRequest[]): Promise<void> {
    const unknown = series.filter((request) => this.#store.known(request) === null);
    if (unknown.length === 0) return;
    await Promise.all(unknown.map((one) => orProblem(one, () => this.#store.points(one))));
  }

  /** Of a thousand lines nearly all are remembered: to wait for each of them would be most of the time. */
  #known(request: SeriesRequest, part: ShownPart): SeriesAnswer | null {
    const points = this.#store.known(request);
    const columns = points === null ? null : this.#columns.known(request, points, part);
    return columns === null ? null : { columns };
  }

  async #summarise(request: SeriesRequest, part: ShownPart): Promise<SeriesAnswer> {
    const points = await this.#store.points(request);
    return { columns: await this.#columns.of(request, points, part) };
  }

  /** Adds how a line runs where it is broken: that depends on the scale, and so on all series. */
  async #addBroken(
    request: SeriesRequest,
    columns: SeriesColumns,
    scale: ValueScale,
  ): Promise<SeriesAnswer> {
    const points = await this.#store.points(request);
    const { filled, count, flags } = columns;
    if (points.count < count) throw new FileWasCut(request.file);
    const broken: BrokenColumn[] = [];
    for (const [i, column] of filled.columns.entries()) {
      if ((flags[i]! & breakingFlags(scale.log)) === 0) continue;
      const part = {
        start: filled.starts[i]!,
        stop: filled.starts[i + 1]!,
        scale,
        work: this.work,
      };
      broken.push({ column, rows: await brokenRows(points, part) });
    }
    return { columns: { ...columns, broken } };
  }
}

async function nearestPoint(
  points: Points,
  request: SeriesRequest,
  x: number,
): Promise<NearestPoint | null> {
  const { origin, stride } = placesInFile(points, request.x);
  if (points.count === 0) return null;
  const nearest = Math.round((x - origin) / stride);
  const point = Math.min(Math.max(nearest, 0), points.count - 1);
  const bucket = Math.floor(point / bucketPoints);
  const read = await points.load([bucket]);
  return { x: origin + stride * point, value: read(bucket)[point - bucket * bucketPoints]! };
}

function isBroken({ anyFlags }: SeriesColumns, { log }: ValueScale): boolean {
  return (anyFlags & breakingFlags(log)) !== 0;
}

/** A file that cannot be read is a fact about one series; a cut file or a bug of ours ends the attempt. */
async function orProblem<T>(
  { file }: SeriesRequest,
  action: () => Promise<T>,
): Promise<T | { readonly problem: string }> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof FileWasCut || isError(error, 'internal')) throw error;
    return { problem: say`cannot read the points of ${file}: ${errorMessage(error)}` };
  }
}

function checkQuery({ rows, log, low, high, series }: PlotQuery): void {
  checkScale({ low: low ?? (log ? 1e-300 : -1e300), high: high ?? 1e300, rows, log });
  const weights = series.map(({ smoothing }) => smoothing);
  invariant(
    weights.every((weight) => weight >= 0 && weight < 1),
    `smoothing of ${weights.join()}`,
  );
}
