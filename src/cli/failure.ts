/** How a command that could not do its work ends. */
import { formatDiagnostic } from '../shared/diagnostics.ts';
import { say } from '../shared/language.ts';
import type { Diagnostic } from '../shared/diagnostics.ts';
import { AppError, errorMessage } from '../shared/errors.ts';
import type { ErrorCode } from '../shared/errors.ts';
import type { ExitCode } from './command.ts';
import type { Paths } from './paths.ts';
import type { Terminal } from './terminal.ts';

/** Failures the user mends in the config or the command. */
const userMends = new Set<ErrorCode>([
  'config.invalid',
  'data.read',
  'file.notFound',
  'input.invalid',
  'run.notFound',
]);

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof AppError && userMends.has(error.code) ? 2 : 1;
}

export function printFailure(terminal: Terminal, paths: Paths, error: unknown): void {
  const diagnostics = error instanceof AppError ? error.diagnostics : [];
  for (const diagnostic of diagnostics) terminal.note(diagnosticLine(diagnostic, paths));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  // The lines above say it all; the error's own message would repeat one of them.
  const message =
    errors > 0
      ? errors === 1
        ? say('1 error; nothing done')
        : say`${errors} errors; nothing done`
      : errorMessage(error);
  terminal.note(`${terminal.paint('red', 'trainbench:')} ${message}`);
}

export function diagnosticLine(diagnostic: Diagnostic, paths: Paths): string {
  return formatDiagnostic({ ...diagnostic, file: paths.show(diagnostic.file) });
}
