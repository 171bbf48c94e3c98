/** Gathers diagnostics while data are prepared, so that all are told at once. */
import { hasErrors, type Diagnostic } from '../../shared/diagnostics.ts';
import type { ConfigDocument, Problem } from '../../shared/model/configDocument.ts';
import type { ConfigPath } from '../../shared/model/configPath.ts';

export interface Report {
  /** At a place of the config. */
  at(path: ConfigPath, problem: Problem): void;
  add(diagnostics: readonly Diagnostic[]): void;
  readonly failed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

export function createReport(document: ConfigDocument): Report {
  const diagnostics: Diagnostic[] = [];
  return {
    at: (path, problem) => void diagnostics.push(document.at(path, problem)),
    add: (more) => void diagnostics.push(...more),
    get failed() {
      return hasErrors(diagnostics);
    },
    diagnostics,
  };
}
