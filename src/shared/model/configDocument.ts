/** The text of a config file with the place of everything in it. */
import type { Diagnostic, Severity } from '../diagnostics.ts';

/** Keys and indices from the root: `['model', 1, 'units']`. */
export type ConfigPath = readonly (string | number)[];

export interface Problem {
  /** `area.what`, as in Diagnostic. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** By default `error`. */
  readonly severity?: Severity;
}

export interface ConfigDocument {
  /** As given to parseConfig. */
  readonly file: string;
  readonly text: string;
  /**
   * A diagnostic on the line where `path` is written: on the value if it is on one line, else on its key.
   * What is not in the file (a missing key, a default) is shown at what would contain it.
   */
  at(path: ConfigPath, problem: Problem, where?: 'key' | 'value'): Diagnostic;
}
