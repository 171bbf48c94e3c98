/**
 * Requests to a running training. They wait for the end of the step in progress: the loop calls
 * `boundary` between slices, and only there do they take effect and get their answers.
 */

type Task = () => Promise<void>;
type Mode = 'running' | 'paused' | 'stopping';

export class Controls {
  #mode: Mode;
  /** Steps still allowed while paused. */
  #allowance = 0;
  #tasks: Task[] = [];
  /** Those that wait until nothing runs. */
  #idleTasks: Task[] = [];
  #finished = false;
  #wake: (() => void) | null = null;
  #knock: (() => void) | null = null;
  readonly #onMode: (mode: 'running' | 'paused', step: number) => void;
  #announced: Mode | null = null;

  constructor(startPaused: boolean, onMode: (mode: 'running' | 'paused', step: number) => void) {
    this.#mode = startPaused ? 'paused' : 'running';
    this.#onMode = onMode;
  }

  get stopping(): boolean {
    return this.#mode === 'stopping';
  }

  pause(): void {
    this.#change('paused', 0);
  }

  continue(): void {
    this.#change('running', 0);
  }

  takeStep(): void {
    this.#change('paused', this.#mode === 'paused' ? this.#allowance + 1 : 1);
  }

  stop(): void {
    this.#change('stopping', 0);
  }

  /** Only steps that were asked for one by one are taken. */
  get stepping(): boolean {
    return this.#mode === 'paused' && this.#allowance > 0;
  }

  /** Nothing waits for a boundary: the loop may go on without one. */
  get quiet(): boolean {
    return this.#mode === 'running' && this.#announced === 'running' && this.#tasks.length === 0;
  }

  /**
   * Resolves when something waits that need not wait for the end of a step under way. Whoever asks calls `boundary`
   * then; only the latest promise counts.
   */
  waiting(): Promise<void> {
    return new Promise((resolve) => {
      this.#knock = resolve;
      this.#knockIfNeeded();
    });
  }

  /** Runs `task` between two steps. */
  atBoundary<T>(task: () => T | Promise<T>): Promise<T> {
    return this.#enqueue(this.#tasks, task);
  }

  /** Runs `task` when the steps asked for are done. */
  whenPaused<T>(task: () => T | Promise<T>): Promise<T> {
    return this.#enqueue(this.#idleTasks, task);
  }

  /**
   * Called between slices; waits while paused. Gives how many steps may run before the next call,
   * 0 to stop.
   */
  async boundary(step: number): Promise<number> {
    for (;;) {
      await drain(this.#tasks);
      if (this.#mode === 'stopping') return 0;
      if (this.#mode === 'running' || this.#allowance > 0) {
        this.#announce('running', step);
        return this.#mode === 'running' ? Infinity : this.#allowance;
      }
      this.#announce('paused', step);
      await drain(this.#idleTasks, () => this.#idle);
      if (!this.#idle || this.#tasks.length > 0) continue;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
  }

  /** An answered request may be followed at once by another: then there is work again. */
  get #idle(): boolean {
    return this.#mode === 'paused' && this.#allowance === 0;
  }

  used(steps: number): void {
    this.#allowance = Math.max(0, this.#allowance - steps);
  }

  /** The training has ended: what waits is served now, what comes later at once. */
  async finish(): Promise<void> {
    this.#finished = true;
    await drain(this.#tasks);
    await drain(this.#idleTasks);
  }

  #enqueue<T>(queue: Task[], task: () => T | Promise<T>): Promise<T> {
    if (this.#finished) return Promise.resolve().then(task);
    return new Promise<T>((resolve, reject) => {
      queue.push(async () => {
        try {
          resolve(await task());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      this.#wake?.();
      this.#knockIfNeeded();
    });
  }

  /** Steps that were asked for go on to their end. */
  #knockIfNeeded(): void {
    if (this.#tasks.length === 0 && this.#mode === 'running') return;
    if (this.#tasks.length === 0 && this.#allowance > 0) return;
    this.#knock?.();
  }

  #change(mode: Mode, allowance: number): void {
    if (this.#mode === 'stopping') return;
    this.#mode = mode;
    this.#allowance = allowance;
    this.#wake?.();
    this.#knockIfNeeded();
  }

  #announce(mode: 'running' | 'paused', step: number): void {
    if (this.#announced === mode) return;
    this.#announced = mode;
    this.#onMode(mode, step);
  }
}

/** Runs and removes the tasks, those that come meanwhile too, as long as `may`. */
async function drain(tasks: Task[], may: () => boolean = () => true): Promise<void> {
  while (tasks.length > 0 && may()) await tasks.shift()!();
}
