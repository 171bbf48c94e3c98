import { hasErrors } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { memoryText } from '../profileText.ts';
import { printDiagnostics } from './diagnosticOutput.ts';

export const summary: Command = {
  name: 'summary',
  summary: () => say('The layers of the model with their output shapes and parameters.'),
  positionals: ['FILE'],
  synopsis: '[--json]',
  options: { json: jsonOption },
  async run(context, given) {
    const file = context.paths.resolve(given.positionals[0]!);
    const result = await context.core.request('config/summarize', { file });
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
    printDiagnostics(context, errors, given.flag('json'));
    if (result.summary !== null) {
      const { text, ...counts } = result.summary;
      const { memory } = result;
      const planned = memory === null ? '' : `\n${memoryText(memory)}`;
      const json = () => stringifyNumbers({ type: 'summary', ...counts, memory });
      context.terminal.print(given.flag('json') ? json() : `${text}${planned}`);
    }
    return hasErrors(result.diagnostics) ? 2 : 0;
  },
};
