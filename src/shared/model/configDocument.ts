/** The text of a config file with the place of everything in it. */
import type { Diagnostic, Severity } from '../diagnostics.ts';
import type { ConfigPath } from './configPath.ts';

export interface Problem {
  /** `area.what`, as in Diagnostic. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** By default `error`. */
  readonly severity?: Severity;
}

export interface ConfigDocument {
  /** As given by the caller. */
  readonly file: string;
  readonly text: string;
  /**
   * A diagnostic where `path` is written: on the value if it is on one line, else on its key.
   * What is not in the file (a missing key, a default) is shown at what would contain it.
   */
  at(path: ConfigPath, problem: Problem, where?: 'key' | 'value'): Diagnostic;
}

/** Offsets into the text, end exclusive. */
export type Range = readonly [start: number, end: number];

export interface RangedProblem {
  readonly range: Range;
  readonly problem: Problem;
}
