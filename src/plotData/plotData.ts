/**
 * Answers a plot's view from column files on disk, exactly, under a memory cap. The caller says when a file
 * may have grown (`refresh`); a query itself looks at no file that it knows.
 */
import { errorMessage, invariant, isError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import {
  breakingFlags,
  type NearestPoint,
  type PlotAnswer,
  type PlotQuery,
  type SeriesAnswer,
  type SeriesColumns,
  type SeriesRequest,
} from '../shared/plot/plotAnswer.ts';
import { checkScale, type ValueScale } from '../shared/plot/valueScale.ts';
import { breather } from './breather.ts';
import { brokenColumns } from './brokenColumn.ts';
import { chunksOf } from './chunksOf.ts';
import { firstNotFinite } from './firstNotFinite.ts';
import { fitScale } from './fitScale.ts';
import { Memory } from './memory.ts';
import { nearestPoint } from './nearestPoint.ts';
import { FileWasCut } from './pageReader.ts';
import type { Points, WorkDone } from './points.ts';
import { resultOf } from './reading.ts';
import { SeriesStore, type KnownSeries } from './seriesStore.ts';
import { Sheets } from './sheets.ts';
import { ShownColumns } from './shownColumns.ts';
import { after, all, type Soon } from './soon.ts';
import { WholeRange, type Edges } from './wholeRange.ts';

export interface PlotDataOptions {
  /** Of all that is held together, in bytes. */
  readonly memoryCap?: number;
}

/** Files to open at a time. */
const parallelFiles = 16;

/** How often a query is tried while resumes cut the files under it. */
const attempts = 3;

export class PlotData {
  readonly work: WorkDone = { pointsScanned: 0, summariesVisited: 0, bytesRead: 0 };
  /** Of all plots: what they hold counts too. */
  readonly sheets: Sheets;
  readonly #memory: Memory<KnownSeries, SeriesColumns>;
  readonly #store: SeriesStore;
  readonly #columns: ShownColumns;

  constructor({ memoryCap = 200e6 }: PlotDataOptions = {}) {
    this.#memory = new Memory(memoryCap);
    this.#store = new SeriesStore(this.#memory, this.work);
    this.#columns = new ShownColumns(this.#memory, this.work);
    this.sheets = new Sheets(this.#memory);
  }

  /** What is held at the moment. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /**
   * Opens files in their order until `ms` have gone by: of thousands some are on the screen before the last is read.
   * @returns how many, those included that cannot be read; some in any case
   */
  async open(files: readonly string[], ms: number): Promise<number> {
    const end = performance.now() + ms;
    let opened = 0;
    for (const chunk of chunksOf(files, parallelFiles)) {
      await this.#open(chunk.map((file) => ({ file, smoothing: 0 })));
      opened += chunk.length;
      if (performance.now() >= end) break;
    }
    return opened;
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
    const found = await this.#retried(() =>
      this.#each(series, (points, request) => resultOf(points, nearestPoint(points, request.x, x))),
    );
    return found.map((one) => (isProblem(one) ? null : one));
  }

  /** The first point of a series, from x on, that is not finite. Null where there is none, or no file. */
  async firstNotFinite(series: SeriesRequest, from: number): Promise<NearestPoint | null> {
    const [found = null] = await this.#retried(() =>
      this.#each([series], (points, { x }) => resultOf(points, firstNotFinite(points, x, from))),
    );
    return isProblem(found) ? null : found;
  }

  async query(query: PlotQuery): Promise<PlotAnswer> {
    return this.#retried(async () => this.#answer(query, await this.#edges(query)));
  }

  /** x of the outermost points of any series. */
  async whole(series: readonly SeriesRequest[]): Promise<Edges> {
    return this.#retried(() => this.#edges({ series, first: null, last: null }));
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

  /** An edge that is null lies at the outermost point of any series. */
  async #edges({
    series,
    first,
    last,
  }: Pick<PlotQuery, 'series' | 'first' | 'last'>): Promise<Edges> {
    if (first !== null && last !== null) return { first, last };
    const whole = new WholeRange();
    // A file that cannot be read says so in the answer.
    await this.#each(series, (points, { x }) => whole.add(points, x));
    return whole.edges(first, last);
  }

  async #answer(query: PlotQuery, edges: Edges): Promise<PlotAnswer> {
    checkQuery(query);
    const part = { ...edges, columns: query.columns, log: query.log };
    const found = await this.#each(query.series, (points, request) =>
      this.#columns.of(request, points, part),
    );
    const scale = fitScale(
      query,
      found.map((one) => (isProblem(one) ? null : one)),
    );
    const series: SeriesAnswer[] = [];
    for (let i = 0; i < found.length; i++) {
      const one = found[i]!;
      const answer = isProblem(one) ? one : this.#withBroken(query.series[i]!, one, scale);
      series.push(answer instanceof Promise ? await answer : answer);
    }
    return { ...edges, scale, series };
  }

  /**
   * What is found of each series, in their order: one after the other, so that the pages of only one are held. A file that
   * cannot be read is a fact about its series.
   */
  async #each<T>(
    series: readonly SeriesRequest[],
    find: (points: Points, request: SeriesRequest) => Soon<T>,
  ): Promise<(T | Problem)[]> {
    const results: (T | Problem)[] = [];
    const breathe = breather();
    for (const chunk of chunksOf(series, parallelFiles)) {
      const opening = this.#open(chunk);
      const opened = opening instanceof Promise ? await opening : opening;
      for (let i = 0; i < chunk.length; i++) {
        const request = chunk[i]!;
        const points = opened[i]!;
        const found = isProblem(points) ? points : orProblem(request, () => find(points, request));
        results.push(found instanceof Promise ? await found : found);
      }
      const breath = breathe();
      if (breath !== undefined) await breath;
    }
    return results;
  }

  #open(series: readonly Omit<SeriesRequest, 'x'>[]): Soon<readonly (Points | Problem)[]> {
    return all(series.map((one) => orProblem(one, () => this.#store.points(one))));
  }

  /** With how the line runs where it is broken: that depends on the scale, and so on all series. */
  #withBroken(
    request: SeriesRequest,
    columns: SeriesColumns,
    scale: ValueScale,
  ): Soon<SeriesAnswer> {
    if ((columns.anyFlags & breakingFlags(scale.log)) === 0) return { columns };
    const find = (points: Points) => {
      if (points.count < columns.count) throw new FileWasCut(request.file);
      const found = resultOf(points, brokenColumns(points, columns, { scale, work: this.work }));
      return after(found, (broken) => ({ columns: { ...columns, broken } }));
    };
    return orProblem(request, () => after(this.#store.points(request), find));
  }
}

/** Why a series cannot be drawn. */
interface Problem {
  readonly problem: string;
}

function isProblem(found: unknown): found is Problem {
  return typeof found === 'object' && found !== null && 'problem' in found;
}

/** A file that cannot be read is a fact about one series; a cut file or a bug of ours ends the attempt. */
function orProblem<T>(
  { file }: Pick<SeriesRequest, 'file'>,
  action: () => Soon<T>,
): Soon<T | Problem> {
  const problemOf = (error: unknown): Problem => {
    if (error instanceof FileWasCut || isError(error, 'internal')) throw error;
    return { problem: say`cannot read the points of ${file}: ${errorMessage(error)}` };
  };
  try {
    const done = action();
    return done instanceof Promise ? done.catch(problemOf) : done;
  } catch (error) {
    return problemOf(error);
  }
}

function checkQuery({ rows, log, low, high, series }: PlotQuery): void {
  checkScale({ low: low ?? (log ? 1e-300 : -1e300), high: high ?? 1e300, rows, log });
  const odd = series.find(({ smoothing }) => !(smoothing >= 0 && smoothing < 1));
  invariant(odd === undefined, `smoothing of ${odd?.smoothing}`);
}
