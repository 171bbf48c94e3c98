/**
 * A thread that prepares the next iteration of a loop while others compute the present one (codegen/wasm/runAhead.ts); at
 * the end of a run the first iteration of the next run. Nothing of it is state: it can be done again at any time.
 */
import type { AheadPlan } from '../../codegen/wasm/runAhead.ts';
import { allReads } from '../../codegen/wasm/memoryPlan.ts';
import type { LoopCall } from './loopWorkers.ts';

export interface AheadLoop {
  /** Exported function that prepares. */
  readonly name: string;
  /** Iterations of the loop. */
  readonly count: number;
  readonly plan: AheadPlan;
}

/** Threads of which one prepares (LoopWorkers). */
interface Preparing {
  run(call: LoopCall): Promise<unknown>;
  destroy(): void;
}

export class AheadThread {
  readonly #loop: AheadLoop;
  readonly #workers: Preparing;
  readonly #words: Int32Array;
  /** Buffers of which a prepared iteration is made. */
  readonly #inputs: ReadonlySet<string>;
  /** Runs that ended before the iteration after them was there. */
  #lateRuns = 0;
  /** Index of the iteration in the tray; null where that is of no use. */
  #prepared: number | null = null;

  /** `workers` are nobody else's; `memory` is shared. */
  constructor(loop: AheadLoop, workers: Preparing, memory: WebAssembly.Memory) {
    this.#loop = loop;
    this.#workers = workers;
    this.#words = new Int32Array(memory.buffer);
    this.#inputs = inputsOf(loop.plan);
  }

  /** Goes along with a run of iterations `from` <= i < `to`; ends when that and the iteration after it are there. */
  async along(from: number, to: number, run: () => Promise<unknown>): Promise<void> {
    const { name, count } = this.#loop;
    const isThere = this.#prepared === from;
    this.#prepared = null;
    if (!isThere) this.#begin(from);
    const [first, end] = [isThere ? from + 1 : from, Math.min(to + 1, count)];
    let isPrepared = first >= end;
    const preparing = isPrepared
      ? null
      : this.#workers
          .run({ name, from: first, to: end, threads: 1 })
          .then(() => (isPrepared = true));
    const running = run().then(() => (this.#lateRuns += isPrepared ? 0 : 1));
    await Promise.all([running, preparing]);
    if (end > to) this.#prepared = to;
  }

  /** How often the loop had to wait for what is prepared: a first iteration always may. */
  get waits(): number {
    const { waits } = this.#loop.plan.meeting;
    return Atomics.load(this.#words, waits / 4) + this.#lateRuns;
  }

  /** A buffer changes. */
  forget(buffer: string): void {
    if (this.#inputs.has(buffer)) this.#prepared = null;
  }

  destroy(): void {
    this.#workers.destroy();
  }

  #begin(iteration: number): void {
    const { ready, taken } = this.#loop.plan.meeting;
    Atomics.store(this.#words, ready / 4, iteration);
    Atomics.store(this.#words, taken / 4, iteration);
  }
}

function inputsOf({ plan }: AheadPlan): Set<string> {
  const read = plan.clusters.flatMap(({ members }) => members.flatMap(allReads));
  return new Set(
    read.flatMap(({ value: { op } }) => (op.kind === 'buffer' ? [op.buffer.name] : [])),
  );
}
