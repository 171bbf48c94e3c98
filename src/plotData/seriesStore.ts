/** The series that were asked for lately, opened, smoothed and brought up to date; forgotten under the memory cap. */
import { ColumnSeries } from './columnSeries.ts';
import type { Memory } from './memory.ts';
import type { Points, WorkDone } from './points.ts';
import { SmoothedSeries } from './smoothedSeries.ts';
import type { SeriesRequest } from '../shared/plot/plotAnswer.ts';

export type KnownSeries = ColumnSeries | SmoothedSeries;

export class SeriesStore {
  readonly #memory: Memory<KnownSeries>;
  readonly #work: WorkDone;

  constructor(memory: Memory<KnownSeries>, work: WorkDone) {
    this.#memory = memory;
    this.#work = work;
  }

  /** The same as `points`, at once; null where a file or new points must be read first. */
  known({ file, smoothing }: SeriesRequest): Points | null {
    const raw = this.#memory.series.get(file);
    if (!(raw instanceof ColumnSeries) || !raw.isOpen) return null;
    if (smoothing === 0) return raw;
    const smoothed = this.#memory.series.get(smoothedKey(raw, smoothing));
    return smoothed?.count === raw.count ? smoothed : null;
  }

  /** The points as far as they are known; reads the file only when it is new. */
  async points({ file, smoothing }: SeriesRequest): Promise<Points> {
    const raw = await this.#raw(file);
    return smoothing === 0 ? raw : this.#smoothed(raw, smoothing);
  }

  /** Takes in what a file has gained, or begins anew when a resume has cut it. */
  async refresh(file: string): Promise<void> {
    const known = this.#memory.series.get(file);
    if (!(known instanceof ColumnSeries)) return;
    if (!(await known.grow())) this.forget(file);
    else this.#memory.keep(file, known, known.bytes);
  }

  forget(file: string): void {
    this.#memory.series.delete(file);
  }

  async #raw(file: string): Promise<ColumnSeries> {
    const known = this.#memory.series.get(file);
    if (known instanceof ColumnSeries && known.isOpen) return known;
    const raw = known instanceof ColumnSeries ? known : this.#create(file);
    try {
      await raw.opened();
    } catch (error) {
      this.forget(file);
      throw error;
    }
    if (raw !== known) this.#memory.keep(file, raw, raw.bytes);
    return raw;
  }

  /** In the store from the start, so that two queries at once read the file once. */
  #create(file: string): ColumnSeries {
    const raw = new ColumnSeries(file, { pages: this.#memory.pages, work: this.#work });
    this.#memory.keep(file, raw, raw.bytes);
    return raw;
  }

  async #smoothed(raw: ColumnSeries, weight: number): Promise<SmoothedSeries> {
    const key = smoothedKey(raw, weight);
    const known = this.#memory.series.get(key);
    const smoothed = known instanceof SmoothedSeries ? known : new SmoothedSeries(raw, weight);
    await smoothed.grow();
    this.#memory.keep(key, smoothed, smoothed.bytes);
    return smoothed;
  }
}

/** Short, as thousands are looked up at a touch of the mouse; no path of a file looks like it. */
function smoothedKey({ id }: ColumnSeries, weight: number): string {
  return `${id}~${weight}`;
}
