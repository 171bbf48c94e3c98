/** What a work says of how far it is, for one who listens from the start or only later. */

export interface Step {
  readonly message?: string;
  /** From 0 to 1; absent or null where nobody knows. */
  readonly fraction?: number | null;
}

/** As VS Code wants it: percent that were added. */
export interface Increment {
  readonly message?: string;
  readonly increment: number;
}

export class WorkSteps {
  #last: Step | null = null;
  #percent = 0;
  #tell: ((increment: Increment) => void) | null = null;

  report(step: Step): void {
    this.#last = step;
    this.#say(step);
  }

  /** Tells at once how far the work is, then each step. */
  listen(tell: (increment: Increment) => void): void {
    this.#tell = tell;
    if (this.#last !== null) this.#say(this.#last);
  }

  #say({ message, fraction }: Step): void {
    if (this.#tell === null) return;
    const now = Math.max(this.#percent, 100 * (fraction ?? 0));
    const increment = now - this.#percent;
    this.#percent = now;
    this.#tell(message === undefined ? { increment } : { message, increment });
  }
}

/** Calls `act` once the work has lasted so long, and never where it is over by then. */
export function whenItLasts(
  work: PromiseLike<unknown>,
  milliseconds: number,
  act: () => void,
): void {
  const timer = setTimeout(act, milliseconds);
  const over = () => clearTimeout(timer);
  work.then(over, over);
}
