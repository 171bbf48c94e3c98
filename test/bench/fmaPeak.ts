/** How many multiply-adds this processor can do, measured by a program in C (fmaPeak.c). */
import { spawnSync } from 'node:child_process';
import { ask } from './peer.ts';

/** Compiles it to `folder`/fmaPeak; false where there is no gcc, or no x64 processor. */
export function compilePeak(folder: string): boolean {
  const flags = ['-O3', '-mfma', '-mavx2', '-pthread'];
  const files = ['test/bench/fmaPeak.c', '-o', `${folder}/fmaPeak`];
  return spawnSync('gcc', [...flags, ...files]).status === 0;
}

/** GFLOP/s of all threads with vectors of 256 bits, or null where it cannot be measured. */
export function widePeak(folder: string, threads: number): number | null {
  if (!compilePeak(folder)) return null;
  const command = [`${folder}/fmaPeak`, `${threads}`, '0.5'];
  const { gflops } = ask({ name: 'peak', command }) as { gflops: readonly number[] };
  return gflops[1] ?? null;
}
