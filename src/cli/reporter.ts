/** Tells of a run while it goes: one for people, one for programs. */
import type { EpochRecord, RunEnd, RunInfo, StepMean } from '../shared/protocol/core.ts';

export interface Reporter {
  begin(info: RunInfo): void;
  /** Of `log_every`. */
  steps(mean: StepMean): void;
  epoch(record: EpochRecord): void;
  end(info: RunInfo, end: RunEnd): Promise<void>;
  /** The run could not begin, or the core died. The caller prints the error for people. */
  failed(error: unknown): void;
}
