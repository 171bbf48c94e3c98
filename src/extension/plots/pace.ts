/** How quickly a run trains, over its last seconds: from the steps done and the training time, pauses left out. */
import type { Pace } from '../../shared/protocol/views/lossPlot.ts';

interface Moment {
  readonly step: number;
  /** Training time. */
  readonly seconds: number;
}

export interface PaceFacts {
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly trainingRows: number | null;
}

const windowSeconds = 5;

export class PaceMeter {
  #moments: Moment[] = [];

  /** Steps that come again, of a resumed run, begin anew. */
  add(moment: Moment): void {
    const before = this.#moments.at(-1);
    if (before !== undefined && moment.step <= before.step) this.#moments = [];
    this.#moments.push(moment);
    const isOld = ({ seconds }: Moment) => moment.seconds - seconds > windowSeconds;
    while (this.#moments.length > 2 && isOld(this.#moments[1]!)) this.#moments.shift();
  }

  clear(): void {
    this.#moments = [];
  }

  /** Null until two moments are known. */
  pace({ stepsPerEpoch, epochs, trainingRows }: PaceFacts): Pace | null {
    const [from, to] = [this.#moments[0], this.#moments.at(-1)];
    if (from === undefined || to === undefined || !(to.seconds > from.seconds)) return null;
    const stepsPerSecond = (to.step - from.step) / (to.seconds - from.seconds);
    const left = Math.max(0, epochs * stepsPerEpoch - to.step);
    const rowsPerStep = trainingRows === null ? null : trainingRows / Math.max(1, stepsPerEpoch);
    return {
      stepsPerSecond,
      rowsPerSecond: rowsPerStep === null ? null : rowsPerStep * stepsPerSecond,
      secondsLeft: left / stepsPerSecond,
    };
  }
}
