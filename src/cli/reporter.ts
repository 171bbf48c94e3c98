/** Tells of a run while it goes: one for people, one for programs. */
import type { StepLogEntry } from './stepLog.ts';
import type { EpochRecord, RunEnd, RunInfo } from '../shared/protocol/core.ts';

export interface Reporter {
  begin(info: RunInfo): void;
  /** Of `log_every`. */
  steps(entry: StepLogEntry): void;
  epoch(record: EpochRecord): void;
  end(info: RunInfo, end: RunEnd): Promise<void>;
  /** The run could not begin, or the core died. The caller prints the error for people. */
  failed(error: unknown): void;
}
