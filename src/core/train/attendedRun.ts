/** Runs part of an epoch and answers requests that come meanwhile: one iteration may take a second. */
import type { Executable } from '../backends/backend.ts';
import type { Controls } from './controls.ts';
import type { Range } from './slices.ts';

/**
 * Requests find everything as it was after `step` steps, before the range. A pause holds the step under way, which is
 * done when the training continues. Gives the milliseconds in which it waited; null when the training is to stop, and
 * then nothing of the range is done.
 */
export async function attendedRun(
  executable: Executable,
  { loop, from, to }: Range<{ readonly name: string }>,
  { controls, step }: { readonly controls: Controls; readonly step: number },
): Promise<number | null> {
  const ended = executable.run(loop.name, from, to).then(() => true);
  let waited = 0;
  for (;;) {
    const asked = controls.waiting().then(() => false);
    if (await Promise.race([ended, asked])) return waited;
    const held = executable.hold?.() ?? null;
    if (held === null) {
      await ended;
      return waited;
    }
    const begun = performance.now();
    const allowed = await controls.boundary(step);
    waited += performance.now() - begun;
    if (allowed === 0) {
      ended.catch(() => undefined); // that is what giving up means
      // What is left of the step would keep the processors busy for which the last checkpoint waits.
      held.giveUp();
      return null;
    }
    held.release();
  }
}
