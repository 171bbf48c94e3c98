/**
 * A diagnostic says what is wrong in the user's input, as data.
 * Functions that read user input return diagnostics beside their result; they never throw for bad input.
 */

export type Severity = 'error' | 'warning' | 'info';

/** A place in a text file; line and column count from 1, as editors show them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Stable dotted name of the rule, `area.what`: `config.unknownKey`, `model.shapeMismatch`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence with the value found and the one expected. */
  readonly message: string;
  /** The file the user has to change; absolute, or as the user gave it. */
  readonly file: string;
  readonly start: Position;
  /** End is exclusive. */
  readonly end: Position;
  /** The next step: a suggestion such as ``did you mean `learning_rate`?`` */
  readonly hint?: string;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** By place: those of `mainFile` first, then file by file. */
export function inOrder(
  diagnostics: readonly Diagnostic[],
  mainFile: string,
): readonly Diagnostic[] {
  const rank = ({ file }: Diagnostic) => (file === mainFile ? 0 : 1);
  return [...diagnostics].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.file.localeCompare(b.file) ||
      a.start.line - b.start.line ||
      a.start.column - b.start.column,
  );
}

/** `file:line:column severity code message`, one line, the form compilers print. */
export function formatDiagnostic(d: Diagnostic): string {
  const hint = d.hint === undefined ? '' : ` (${d.hint})`;
  return `${d.file}:${d.start.line}:${d.start.column} ${d.severity} ${d.code} ${d.message}${hint}`;
}
