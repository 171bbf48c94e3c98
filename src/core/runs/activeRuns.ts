/** Which runs are being trained right now, so that no two processes write one run. */
import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { isAlive } from '../system/isAlive.ts';
import type { RunRecord } from './records.ts';

/** Runs of this process, by directory. */
const ours = new Set<string>();

/** @throws AppError `run.busy` */
export function claimRun(directory: string, record: RunRecord | null): void {
  if (record !== null && isActive(directory, record)) {
    throw new AppError('run.busy', say`${directory} is being trained by process ${record.pid}`);
  }
  ours.add(directory);
}

export function releaseRun(directory: string): void {
  ours.delete(directory);
}

export function isActive(directory: string, record: RunRecord): boolean {
  if (record.state !== 'running') return ours.has(directory);
  const { pid, processStart } = record;
  if (pid === process.pid && processStart === startOf(pid)) return ours.has(directory);
  return isAlive(pid) && (processStart === null || processStart === startOf(pid));
}

/**
 * When a process began, as text that is only compared; null where the system does not tell. After a
 * reboot, and in containers even sooner, another process may have the number of one that is gone.
 */
export function startOf(pid: number): string | null {
  if (pid === process.pid) return (ownStart ??= readStart(pid));
  return readStart(pid);
}

let ownStart: string | null = null;

function readStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): field 22, in ticks since boot; field 2 is a name in parentheses that may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null; // Not Linux, or no such process.
  }
}
