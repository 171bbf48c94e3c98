/**
 * Answers a plot's view from column files on disk, exactly, under a memory cap. The caller says when a file
 * may have grown (`refresh`); a query itself looks at no file that it knows.
 */
import { errorMessage, invariant, isError } from '../shared/errors.ts';
import {
  breakingFlags,
  type BrokenColumn,
  type PlotAnswer,
  type PlotQuery,
  type SeriesAnswer,
  type SeriesColumns,
  type SeriesRequest,
} from '../shared/plot/plotAnswer.ts';
import { checkScale, type ValueScale } from '../shared/plot/valueScale.ts';
import { checkView, columnStarts, type PointView } from '../shared/plot/view.ts';
import { brokenRows } from './brokenColumn.ts';
import { chunksOf } from './chunksOf.ts';
import { fitScale } from './fitScale.ts';
import { Memory } from './memory.ts';
import { FileWasCut } from './pageReader.ts';
import type { Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import { SeriesStore, type KnownSeries } from './seriesStore.ts';
import { summariseColumns } from './summariseColumns.ts';

export interface PlotDataOptions {
  /** Of all pyramids and pages of points together, in bytes. */
  readonly memoryCap?: number;
}

/** How much of a series there is, for the view to choose what to show. */
export interface SeriesExtent {
  /** Step of the first point. */
  readonly first: number;
  readonly count: number;
}

/** Files to open at a time. */
const parallelFiles = 16;

/** How often a query is tried while resumes cut the files under it. */
const attempts = 3;

export class PlotData {
  readonly work: WorkDone = { pointsScanned: 0, summariesVisited: 0, bytesRead: 0 };
  readonly #memory: Memory<KnownSeries>;
  readonly #store: SeriesStore;

  constructor({ memoryCap = 200e6 }: PlotDataOptions = {}) {
    this.#memory = new Memory(memoryCap);
    this.#store = new SeriesStore(this.#memory, this.work);
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

  /** @throws errors of the file system, SyntaxError for a file that is no column */
  async extent(file: string): Promise<SeriesExtent> {
    const { firstStep, count } = await this.#store.points({ file, smoothing: 0 });
    return { first: firstStep ?? 0, count };
  }

  /**
   * What a crosshair shows: the value of each series at a step, null where it has no point there.
   * @throws as `extent` does
   */
  async valuesAt(series: readonly SeriesRequest[], step: number): Promise<(number | null)[]> {
    const values: (number | null)[] = [];
    for (const request of series) {
      values.push(await valueAt(await this.#store.points(request), step));
    }
    return values;
  }

  async query(query: PlotQuery): Promise<PlotAnswer> {
    checkQuery(query);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#answer(query);
      } catch (error) {
        if (!(error instanceof FileWasCut) || attempt === attempts) throw error;
        this.#store.forget(error.file);
      }
    }
  }

  async #answer(query: PlotQuery): Promise<PlotAnswer> {
    const summaries: SeriesAnswer[] = [];
    const summarise = columnSummariser(query, this.work);
    for (const chunk of chunksOf(query.series, parallelFiles)) {
      const opening = chunk.map((request) => orProblem(request, () => this.#store.points(request)));
      // One after the other from here, so that a query holds the pages of only one series.
      for (const [i, points] of (await Promise.all(opening)).entries()) {
        const isOpen = !('problem' in points);
        summaries.push(isOpen ? await orProblem(chunk[i]!, () => summarise(points)) : points);
      }
    }
    const readable = summaries.flatMap((answer) => ('problem' in answer ? [] : [answer.columns]));
    const scale = fitScale(query, readable);
    const series: SeriesAnswer[] = [];
    for (const [i, summary] of summaries.entries()) {
      const add = () => this.#addBroken(query.series[i]!, summary, scale);
      series.push(await orProblem(query.series[i]!, add));
    }
    return { scale, series };
  }

  /** Adds how a line runs where it is broken: that depends on the scale, and so on all series. */
  async #addBroken(
    request: SeriesRequest,
    summary: SeriesAnswer,
    scale: ValueScale,
  ): Promise<SeriesAnswer> {
    if ('problem' in summary || !isBroken(summary.columns, scale)) return summary;
    const points = await this.#store.points(request);
    const { view, count, flags } = summary.columns;
    if (points.count < count) throw new FileWasCut(request.file);
    const edges = columnStarts(view).map((start) => Math.min(Math.max(start, 0), count));
    const broken: BrokenColumn[] = [];
    for (const [column, flag] of flags.entries()) {
      if ((flag & breakingFlags(scale.log)) === 0) continue;
      const part = { start: edges[column]!, stop: edges[column + 1]!, scale, work: this.work };
      broken.push({ column, rows: await brokenRows(points, part) });
    }
    return { columns: { ...summary.columns, broken } };
  }
}

async function valueAt(points: Points, step: number): Promise<number | null> {
  const point = step - (points.firstStep ?? 0);
  if (!Number.isInteger(point) || point < 0 || point >= points.count) return null;
  const bucket = Math.floor(point / bucketPoints);
  const read = await points.load([bucket]);
  return read(bucket)[point - bucket * bucketPoints]!;
}

/** Series of the same run, and of most runs, share their view: where its columns start is found once. */
function columnSummariser({ first, last, columns, log }: PlotQuery, work: WorkDone) {
  const startsOfStep = new Map<number, Float64Array>();
  return async (points: Points): Promise<SeriesAnswer> => {
    const step = points.firstStep ?? 0;
    const view: PointView = { first: first - step, last: last - step, columns };
    const starts = startsOfStep.get(step) ?? columnStarts(view);
    startsOfStep.set(step, starts);
    return { columns: await summariseColumns(points, { view, starts, log, work }) };
  };
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
    return { problem: `cannot read the points of ${file}: ${errorMessage(error)}` };
  }
}

function checkQuery({ first, last, columns, rows, log, low, high, series }: PlotQuery): void {
  checkView({ first, last, columns });
  checkScale({ low: low ?? (log ? 1e-300 : -1e300), high: high ?? 1e300, rows, log });
  const weights = series.map(({ smoothing }) => smoothing);
  invariant(
    weights.every((weight) => weight >= 0 && weight < 1),
    `smoothing of ${weights.join()}`,
  );
}
