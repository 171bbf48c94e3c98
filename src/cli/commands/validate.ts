import { hasErrors, type Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import type { ConfigAbout } from '../../shared/protocol/core.ts';
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
    const { diagnostics, about } = await context.core.request('config/validate', { file });
    const json = given.flag('json');
    printDiagnostics(context, diagnostics, json);
    if (!json) context.terminal.note(`${shown}: ${closingText(diagnostics, about)}`);
    return hasErrors(diagnostics) ? 2 : 0;
  },
};

/** The last word: how much is wrong, or what would be trained. */
function closingText(diagnostics: readonly Diagnostic[], about: ConfigAbout | null): string {
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors > 0 || about === null) {
    return errors === 1
      ? say('1 error, so it cannot be trained')
      : say`${errors} errors, so it cannot be trained`;
  }
  if (warnings === 0) return say`no problems: ${aboutText(about)}`;
  return warnings === 1
    ? say`can be trained, with 1 warning: ${aboutText(about)}`
    : say`can be trained, with ${warnings} warnings: ${aboutText(about)}`;
}

function aboutText({ task, train, validation, test, parameters }: ConfigAbout): string {
  const rows =
    task === 'image_classification'
      ? say`${train} training, ${validation} validation, ${test} test images`
      : say`${train} training, ${validation} validation, ${test} test rows`;
  return say`${taskText(task)}; ${rows}; ${parameters} parameters`;
}

function taskText(task: ConfigAbout['task']): string {
  const names: Readonly<Record<typeof task, string>> = {
    classification: say('classification'),
    image_classification: say('classification of images'),
    regression: say('regression'),
  };
  return names[task];
}
