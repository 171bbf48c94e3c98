/**
 * How many iterations of a loop that one workgroup runs alone go into one dispatch: few at first, then as many as take
 * half of the longest time. A dispatch of seconds would hold up the machine's other users of the GPU, and in the end a
 * driver would take it for hung. How iterations are cut into dispatches never changes bits.
 */

/** Of one dispatch. */
const longestMilliseconds = 50;
const first = 16;
const mostGrowth = 4;
/** Below it grows no more: what is lost to starting a dispatch is nothing then. */
const most = 2 ** 16;

export class RunLength {
  #length = first;
  #isSettled = false;

  /** Iterations of the next dispatch. */
  get iterations(): number {
    return this.#length;
  }

  /** Whether the next dispatch of so many iterations is worth the wait that measuring it takes. */
  isTold(iterations: number): boolean {
    return !this.#isSettled && iterations === this.#length;
  }

  /** A dispatch of `iterations`, alone on the device, took so long. */
  measured(iterations: number, milliseconds: number): void {
    const fitting = Math.floor(
      (iterations * longestMilliseconds) / 2 / Math.max(0.01, milliseconds),
    );
    this.#isSettled = fitting < mostGrowth * iterations;
    this.#length = Math.max(1, Math.min(most, fitting, mostGrowth * iterations));
    if (this.#length === most) this.#isSettled = true;
  }
}
