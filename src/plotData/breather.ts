/** Lets the host do other things in the midst of long work: its answers leave, and other extensions get their turn. */
import { setImmediate } from 'node:timers/promises';

const everyMs = 4;

/** @returns what to await now and then; it seldom waits. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < everyMs) return undefined;
    return setImmediate().then(() => void (since = performance.now()));
  };
}
