/** The core's diagnostics in the Problems panel. */
import { Diagnostic as Problem, DiagnosticSeverity, languages, Range, Uri } from 'vscode';
import type { DiagnosticCollection } from 'vscode';
import type { Diagnostic, Severity } from '../../shared/diagnostics.ts';

/** What is merely worth knowing goes to the log: nobody has to mend it. */
const severities: Readonly<Record<Exclude<Severity, 'info'>, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
};

export class Problems {
  readonly #collection: DiagnosticCollection = languages.createDiagnosticCollection('trainbench');
  /** Which files each config's check spoke of (a config may complain about its data file). */
  readonly #filesOf = new Map<string, readonly Uri[]>();
  readonly #tried = new Set<string>();

  /**
   * Replaces all that an earlier check of this config said.
   * @param how an attempt to train looks at the data, too; then later checks of the config should.
   */
  show(config: Uri, diagnostics: readonly Diagnostic[], how: 'tried' | 'read' = 'tried'): void {
    this.clear(config);
    const byFile = new Map<string, Problem[]>();
    for (const diagnostic of diagnostics) {
      const { severity } = diagnostic;
      if (severity === 'info') continue;
      const file = Uri.file(diagnostic.file).toString();
      const problem = toProblem(diagnostic, severities[severity]);
      byFile.set(file, [...(byFile.get(file) ?? []), problem]);
    }
    const files = [...byFile.keys()].map((file) => Uri.parse(file));
    for (const file of files) this.#collection.set(file, byFile.get(file.toString()));
    this.#filesOf.set(config.toString(), files);
    if (how === 'tried') this.#tried.add(config.toString());
  }

  clear(config: Uri): void {
    for (const file of this.#filesOf.get(config.toString()) ?? []) this.#collection.delete(file);
    this.#filesOf.delete(config.toString());
    this.#tried.delete(config.toString());
  }

  /** Has a training of this config been tried, with its data? */
  wasTried(config: Uri): boolean {
    return this.#tried.has(config.toString());
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

/** Ours count lines and columns from 1, VS Code from 0. */
function toProblem(
  { start, end, message, hint, code }: Diagnostic,
  severity: DiagnosticSeverity,
): Problem {
  const range = new Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
  const text = hint === undefined ? message : `${message} (${hint})`;
  const problem = new Problem(range, text, severity);
  problem.source = 'trainbench';
  problem.code = code;
  return problem;
}
