/** Diagnostics on stdout, for `validate` and `summary`. */
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { CommandContext } from '../command.ts';
import { diagnosticLine } from '../failure.ts';
import type { Paths } from '../paths.ts';

export function printDiagnostics(
  { terminal, paths }: CommandContext,
  diagnostics: readonly Diagnostic[],
  json: boolean,
): void {
  for (const diagnostic of diagnostics) {
    terminal.print(
      json
        ? stringifyNumbers(diagnosticObject(diagnostic, paths))
        : diagnosticLine(diagnostic, paths),
    );
  }
}

function diagnosticObject(diagnostic: Diagnostic, paths: Paths): object {
  const { file, start, end, severity, code, message, hint } = diagnostic;
  return {
    type: 'diagnostic',
    file: paths.show(file),
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    severity,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}
