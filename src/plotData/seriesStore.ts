/** The series that were asked for lately, opened, smoothed and brought up to date; forgotten under the memory cap. */
import { ColumnSeries } from './columnSeries.ts';
import type { Memory } from './memory.ts';
import type { Points, WorkDone } from './points.ts';
import { SmoothedSeries } from './smoothedSeries.ts';
import { after, type Soon } from './soon.ts';
import type { SeriesRequest } from '../shared/plot/plotAnswer.ts';

export type KnownSeries = ColumnSeries | SmoothedSeries;

export class SeriesStore {
  readonly #memory: Memory<KnownSeries>;
  readonly #work: WorkDone;

  constructor(memory: Memory<KnownSeries>, work: WorkDone) {
    this.#memory = memory;
    this.#work = work;
  }

  /** The points as far as they are known; reads the file only when it is new. */
  points({ file, smoothing }: Omit<SeriesRequest, 'x'>): Soon<Points> {
    const raw = this.#raw(file);
    return smoothing === 0 ? raw : after(raw, (values) => this.#smoothed(values, smoothing));
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

  #raw(file: string): Soon<ColumnSeries> {
    const known = this.#memory.series.get(file);
    if (!(known instanceof ColumnSeries)) return this.#open(file, this.#create(file));
    return known.isOpen ? known : this.#open(file, known);
  }

  /** In the store from the start, so that two queries at once read the file once. */
  #create(file: string): ColumnSeries {
    const raw = new ColumnSeries(file, { pages: this.#memory.pages, work: this.#work });
    this.#memory.keep(file, raw, raw.bytes);
    return raw;
  }

  async #open(file: string, raw: ColumnSeries): Promise<ColumnSeries> {
    try {
      await raw.opened();
    } catch (error) {
      this.forget(file);
      throw error;
    }
    this.#memory.keep(file, raw, raw.bytes);
    return raw;
  }

  #smoothed(raw: ColumnSeries, weight: number): Soon<SmoothedSeries> {
    const key = smoothedKey(raw, weight);
    const known = this.#memory.series.get(key);
    const isKnown = known instanceof SmoothedSeries && known.weight === weight;
    if (isKnown && known.count === raw.count) return known;
    const smoothed = isKnown ? known : new SmoothedSeries(raw, weight);
    return after(smoothed.grow(), () => {
      this.#memory.keep(key, smoothed, smoothed.bytes);
      return smoothed;
    });
  }
}

/** A number, as thousands are looked up at a touch of the mouse. Weights that are nearly the same may share one. */
function smoothedKey({ id }: ColumnSeries, weight: number): number {
  return id + weight;
}
