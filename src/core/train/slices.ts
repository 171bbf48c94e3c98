/**
 * What the next slice holds: as many iterations, over as many loops in a row, as fit into its time. Learned by
 * measuring, for each loop, and grown carefully: an iteration may be a microsecond or a minute. What runs in
 * which slice never changes results.
 */

/** Two of them, and a turn of the event loop, stay below the 100 ms in which requests are answered. */
const targetMilliseconds = 25;
const mostGrowth = 8;
/** Of iterations so quick that a wrong guess is no harm. */
const harmlessMilliseconds = 0.5;
/** No measurement is more exact. */
const leastMilliseconds = 1e-5;

/** What is left of a loop. */
export interface Remaining<L> {
  readonly loop: L;
  readonly from: number;
  readonly to: number;
}

/** Iterations `from` <= i < `to` of a loop. */
export type Range<L> = Remaining<L>;

interface Learned {
  /** Of one iteration. */
  milliseconds: number;
  /** The longest range run so far. */
  longest: number;
}

export class SliceClock {
  readonly #learned = new Map<string, Learned>();
  #lastYield = performance.now();

  /** Ranges that follow each other; at least one iteration. A loop not run yet begins with a slice of its own. */
  next<L extends { readonly name: string }>(remaining: readonly Remaining<L>[]): Range<L>[] {
    const ranges: Range<L>[] = [];
    let left = targetMilliseconds;
    for (const { loop, from, to } of remaining) {
      const learned = this.#learned.get(loop.name);
      if (learned === undefined && ranges.length > 0) break;
      const fitting = learned === undefined ? 1 : fittingInto(left, learned);
      const count = Math.min(to - from, ranges.length === 0 ? Math.max(1, fitting) : fitting);
      if (count > 0) ranges.push({ loop, from, to: from + count });
      if (learned === undefined || count < to - from) break;
      left -= count * learned.milliseconds;
    }
    return ranges;
  }

  /** The time is shared out as was expected of the ranges. */
  measured(ranges: readonly Range<{ readonly name: string }>[], milliseconds: number): void {
    let expected = 0;
    for (const { loop, from, to } of ranges) {
      expected += (to - from) * (this.#learned.get(loop.name)?.milliseconds ?? 1);
    }
    const ratio = milliseconds / expected;
    for (const { loop, from, to } of ranges) {
      const learned = this.#learnedOf(loop.name);
      learned.milliseconds = Math.max(leastMilliseconds, learned.milliseconds * ratio);
      learned.longest = Math.max(learned.longest, to - from);
    }
  }

  #learnedOf(name: string): Learned {
    const known = this.#learned.get(name);
    if (known !== undefined) return known;
    const learned = { milliseconds: 1, longest: 0 };
    this.#learned.set(name, learned);
    return learned;
  }

  /** The event loop has not run for a slice's time: requests arrive there. */
  yieldDue(now: number): boolean {
    return now - this.#lastYield >= targetMilliseconds;
  }

  async yield(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastYield = performance.now();
  }
}

function fittingInto(milliseconds: number, learned: Learned): number {
  const harmless = Math.floor(harmlessMilliseconds / learned.milliseconds);
  const most = Math.max(learned.longest * mostGrowth, harmless);
  return Math.min(Math.floor(milliseconds / learned.milliseconds), most);
}
