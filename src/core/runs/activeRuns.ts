/** Which runs are being trained right now, so that no two processes write one run. */
import { AppError } from '../../shared/errors.ts';
import type { RunRecord } from './records.ts';

/** Runs of this process, by directory. */
const ours = new Set<string>();

/** @throws AppError `run.busy` */
export function claimRun(directory: string, record: RunRecord | null): void {
  if (record !== null && isActive(directory, record)) {
    throw new AppError('run.busy', `${directory} is being trained by process ${record.pid}`);
  }
  ours.add(directory);
}

export function releaseRun(directory: string): void {
  ours.delete(directory);
}

export function isActive(directory: string, record: RunRecord): boolean {
  if (record.state !== 'running') return ours.has(directory);
  return record.pid === process.pid ? ours.has(directory) : isAlive(record.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
