/** Keeps what is known of the points in step with files that grow: looks again only where something was said. */
import type { PlotData } from '../../plotData/plotData.ts';

export class FreshPoints {
  readonly data: PlotData;
  readonly #stale = new Set<string>();
  #version = 0;
  #looking: Promise<void> = Promise.resolve();

  constructor(data: PlotData) {
    this.data = data;
  }

  /** These files may have grown, or be others. */
  grown(files: readonly string[]): void {
    this.#version++;
    for (const file of files) this.#stale.add(file);
  }

  /** Takes in what files have gained. @returns another number whenever there may be something new. */
  async lookAgain(): Promise<number> {
    const version = this.#version;
    const files = [...this.#stale];
    this.#stale.clear();
    if (files.length > 0) this.#looking = this.#looking.then(() => this.data.refresh(files));
    await this.#looking;
    return version;
  }
}
