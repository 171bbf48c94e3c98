import { say } from '../../shared/language.ts';
import { watchRun } from '../watchRun.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';

export const resume: Command = {
  name: 'resume',
  summary: () =>
    say('Goes on with a run that was stopped or interrupted, as if it had never ended.'),
  positionals: ['RUN'],
  synopsis: '[--epochs N] [--json]',
  options: {
    epochs: {
      argument: 'N',
      help: () => say('new total; more than before extends a finished run'),
    },
    json: jsonOption,
  },
  run(context, given) {
    const epochs = given.wholeNumber('epochs', 1);
    const directory = context.paths.resolve(given.positionals[0]!);
    const args = { directory, startPaused: false, ...(epochs === undefined ? {} : { epochs }) };
    return watchRun(
      context,
      (signal) => context.core.request('run/resume', args, signal),
      given.flag('json'),
    );
  },
};
