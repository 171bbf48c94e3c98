/** How many threads compute: never a matter of bits, only of speed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** TRAINBENCH_THREADS, else the physical cores less one, which is left to VS Code; at least 1. */
export function chosenThreads(
  { TRAINBENCH_THREADS: wanted }: NodeJS.ProcessEnv = process.env,
): number {
  const count = Number(wanted);
  if (Number.isInteger(count) && count > 0) return count;
  return Math.max(1, physicalCores() - 1);
}

/** Cores that this process may use; two threads of one core count once where the system tells. */
function physicalCores(): number {
  const logical = availableParallelism();
  try {
    return Math.min(logical, coresOfSystem(process.platform) || logical);
  } catch {
    return logical; // a system without /proc or sysctl: nothing better is known
  }
}

/** 0 on Windows, which tells only through PowerShell: half a second that the start of each run would wait for. */
function coresOfSystem(platform: NodeJS.Platform): number {
  if (platform === 'linux') return distinctCores(readFileSync('/proc/cpuinfo', 'utf8'));
  if (platform !== 'darwin') return 0;
  const count = execFileSync('/usr/sbin/sysctl', ['-n', 'hw.physicalcpu'], { encoding: 'utf8' });
  return Number(count);
}

/** Pairs of socket and core in the text of /proc/cpuinfo; 0 when it has none. */
export function distinctCores(cpuinfo: string): number {
  const processors = cpuinfo.split('\n\n').map((block) => {
    const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(block)?.[1];
    const [socket, core] = [field('physical id'), field('core id')];
    return core === undefined ? [] : [`${socket ?? 0}/${core}`];
  });
  return new Set(processors.flat()).size;
}
