import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { explainText } from '../explainText.ts';

export const explain: Command = {
  name: 'explain',
  summary: () => say('One training step with its own numbers, from the rows to the new weights.'),
  positionals: ['RUN'],
  synopsis: '[--step N] [--batch N] [--row N] [--json]',
  options: {
    step: {
      argument: 'N',
      help: () =>
        say('which step, from 1, where the weights before it are kept; by default the next'),
    },
    batch: { argument: 'N', help: () => say('another batch of its epoch, from 1') },
    row: { argument: 'N', help: () => say('the row of the batch to follow, from 1') },
    json: jsonOption,
  },
  async run({ core, terminal, paths }, given) {
    const place = (name: string) => {
      const number = given.wholeNumber(name, 1);
      return number === undefined ? null : number - 1;
    };
    const step = await core.request('run/explain', {
      directory: paths.resolve(given.positionals[0]!),
      step: place('step'),
      batch: place('batch'),
      row: place('row') ?? 0,
      units: {},
      weight: null,
    });
    const json = () => stringifyNumbers({ type: 'step', ...step });
    terminal.print(given.flag('json') ? json() : explainText(step));
    return 0;
  },
};
