/** Runs iterations of a loop for some time and gives what they took, round by round. */
import type { Executable } from '../../backends/backend.ts';

/** A round is long enough to be measured well, and short enough for requests to be answered between two. */
const roundMilliseconds = 20;
/** The first rounds run code that the engine has not optimised yet. */
const warmUpShare = 0.3;
const leastRounds = 3;

export interface Timing {
  readonly executable: Executable;
  readonly loop: { readonly name: string; readonly count: number };
  readonly milliseconds: number;
  /** Told after each round how much of the time is over. */
  readonly onProgress: (fraction: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Calls `onRound` after each round that counts. @throws what `signal` aborts with. */
export async function timeLoop(
  { executable, loop, milliseconds, onProgress, signal }: Timing,
  onRound: (iterations: number, taken: number) => void,
): Promise<void> {
  const begun = performance.now();
  let [position, iterations, counted] = [0, 1, 0];
  for (let passed = 0; passed < milliseconds || counted < leastRounds;) {
    signal?.throwIfAborted();
    if (position >= loop.count) position = 0;
    const to = Math.min(loop.count, position + iterations);
    const before = performance.now();
    await executable.run(loop.name, position, to);
    const taken = performance.now() - before;
    if (passed >= warmUpShare * milliseconds) {
      onRound(to - position, taken);
      counted++;
    } else {
      executable.takeTimes?.(loop.name);
      if (taken < roundMilliseconds / 2) iterations = Math.min(loop.count, 2 * iterations);
    }
    position = to;
    passed = performance.now() - begun;
    onProgress(Math.min(1, passed / milliseconds));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
