/** How many threads compute: never a matter of bits, only of speed. */
import { availableParallelism } from 'node:os';
import { physicalCores } from './physicalCores.ts';

/** TRAINBENCH_THREADS, else the physical cores less one, which is left to VS Code; at least 1. */
export async function chosenThreads(
  { TRAINBENCH_THREADS: wanted }: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const count = Number(wanted);
  if (Number.isInteger(count) && count > 0) return count;
  // Of the machine's cores this process may be allowed some only.
  const logical = availableParallelism();
  const cores = Math.min(logical, (await physicalCores()) ?? logical);
  return Math.max(1, cores - 1);
}

/** Of those asked for no more than this process has processors: others would only make all wait for them. */
export function usefulThreads(asked: number): number {
  return Math.min(asked, availableParallelism());
}
