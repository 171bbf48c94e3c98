import { hasErrors } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { printDiagnostics } from './diagnosticOutput.ts';

export const validate: Command = {
  name: 'validate',
  summary: () =>
    say(
      'Checks a config, its data and its shapes: a line `file:line:column severity code message` each.',
    ),
  positionals: ['FILE'],
  synopsis: '[--json]',
  options: { json: jsonOption },
  async run(context, given) {
    const shown = given.positionals[0]!;
    const file = context.paths.resolve(shown);
    const { diagnostics } = await context.core.request('config/validate', { file });
    printDiagnostics(context, diagnostics, given.flag('json'));
    if (diagnostics.length === 0 && !given.flag('json')) {
      context.terminal.note(say`${shown}: no problems found`);
    }
    return hasErrors(diagnostics) ? 2 : 0;
  },
};
