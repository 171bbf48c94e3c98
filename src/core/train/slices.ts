/**
 * How many iterations fit into a slice. Learned by measuring, for each loop, and grown carefully: an
 * iteration may be a microsecond or a minute. What runs in which slice never changes results.
 */

/** Two of them, and a turn of the event loop, stay below the 100 ms in which requests are answered. */
const targetMilliseconds = 25;
const mostGrowth = 8;

export class SliceClock {
  readonly #iterations = new Map<string, number>();
  #lastYield = performance.now();

  /** At most this many iterations of the loop next. */
  next(loop: string): number {
    return this.#iterations.get(loop) ?? 1;
  }

  measured(loop: string, iterations: number, milliseconds: number): void {
    const before = this.next(loop);
    const fitting = Math.floor((iterations * targetMilliseconds) / Math.max(milliseconds, 1e-3));
    // A slice cut short by the end of the loop says nothing against longer ones.
    const most = iterations < before ? before : before * mostGrowth;
    this.#iterations.set(loop, Math.max(1, Math.min(fitting, most)));
  }

  /** Lets the event loop run when it has not for a slice's time: requests arrive there. */
  async yieldIfDue(): Promise<void> {
    if (performance.now() - this.#lastYield < targetMilliseconds) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastYield = performance.now();
  }
}
