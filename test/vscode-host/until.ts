/**
 * Waits of the tests: for states, never for times. Both say what they waited for, and both take a view that is drawn anew
 * while it is looked at as one that is not there yet.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from 'playwright-core';

/** For one attempt of something that is tried again: a busy machine answers within it, a lost click does not cost much. */
export const attemptMs = 3000;

/** Far beyond what anything takes on a machine that is three times slower than ours: it ends only what hangs. */
const patienceMs = 120_000;

/** Looks again until `holds`. @throws Error with `what` and the last obstacle where that does not happen. */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const obstacle = await attempt(async () => {
      if (!(await holds())) throw new errors.TimeoutError('not yet');
    });
    if (obstacle === null) return;
    if (Date.now() > deadline) {
      const text = typeof what === 'string' ? what : what();
      throw new Error(`waited in vain: ${text}`, { cause: obstacle });
    }
    await sleep(50);
  }
}

/** The first value that is not null. */
export async function untilFound<T>(what: string, find: () => Promise<T | null>): Promise<T> {
  let found: T | null = null;
  await until(what, async () => (found = await find()) !== null);
  return found!;
}

/** Whether it worked in time. Calls of Playwright in it are given `{ timeout: attemptMs }`. */
export async function worked(act: () => Promise<unknown>): Promise<boolean> {
  return (await attempt(act)) === null;
}

/** What stood in the way, when that may be gone the next time. */
async function attempt(act: () => Promise<unknown>): Promise<Error | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof errors.TimeoutError || isGone(error)) return error;
    throw error;
  }
}

/** A view or an element was replaced between two calls. */
function isGone(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /detached|navigat|context was destroyed|not attached|frame (was|got)/i.test(error.message)
  );
}
