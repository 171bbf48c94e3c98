/** Gathers what the kernels of a timed loop take. */
import type { KernelInfo } from '../../../shared/kernelInfo.ts';
import type { LoopTimes } from '../backend.ts';

export class KernelTimes {
  /** Their exported functions, and that of the end of an iteration, at which threads wait for each other. */
  readonly kernels: readonly string[];
  readonly #infos: readonly KernelInfo[];
  readonly #threads: number;
  #iterations = 0;
  #nothing = Infinity;
  #milliseconds: Float64Array;

  constructor(loop: string, infos: readonly KernelInfo[], threads: number) {
    this.#threads = threads;
    this.#infos = infos;
    this.kernels = Array.from({ length: infos.length + 1 }, (_, i) => `${loop}/kernel${i}`);
    this.#milliseconds = new Float64Array(infos.length);
  }

  /** `times`: of nothing, and of each of `kernels`, over so many iterations. */
  add(iterations: number, times: Float64Array | null): void {
    if (times === null) return;
    // The quickest look at the clock: the first ones of all are slow.
    this.#nothing = Math.min(this.#nothing, times[0]! / iterations);
    const nothing = this.#nothing * iterations;
    this.#iterations += iterations;
    this.#milliseconds = this.#milliseconds.map(
      (sum, kernel) => sum + Math.max(0, times[kernel + 1]! - nothing),
    );
  }

  take(): LoopTimes {
    const [iterations, taken] = [this.#iterations, this.#milliseconds];
    this.#iterations = 0;
    this.#milliseconds = new Float64Array(taken.length);
    const kernels = this.#infos.map((info, kernel) => ({ ...info, milliseconds: taken[kernel]! }));
    return { iterations, threads: this.#threads, kernels };
  }
}
