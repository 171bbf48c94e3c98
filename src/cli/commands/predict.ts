import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import { badArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { formatPrediction } from '../format.ts';
import { parseRows } from '../inputRows.ts';
import type { Paths } from '../paths.ts';

export const predict: Command = {
  name: 'predict',
  summary: () => say('What a trained run says about new rows.'),
  positionals: ['RUN'],
  synopsis: '(--input JSON | --csv FILE) [--json]',
  options: {
    input: {
      argument: 'JSON',
      help: () => say('a row {"feature": value, ...}, or a list of rows'),
    },
    csv: {
      argument: 'FILE',
      help: () => say('rows in the columns of the training data; of images also a folder of them'),
    },
    json: jsonOption,
  },
  async run({ core, terminal, paths }, given) {
    const directory = paths.resolve(given.positionals[0]!);
    const { predictions } = await core.request('run/predict', {
      directory,
      ...whichRows(given, paths),
    });
    for (const prediction of predictions) {
      terminal.print(
        given.flag('json')
          ? stringifyNumbers({ type: 'prediction', ...prediction })
          : formatPrediction(prediction),
      );
    }
    const failed = predictions.filter(({ problem }) => problem !== undefined).length;
    if (failed === 0) return 0;
    const all = predictions.length;
    terminal.note(
      failed === 1
        ? say`1 of ${all} rows is not predicted: something is missing or wrong`
        : say`${failed} of ${all} rows are not predicted: something is missing or wrong`,
    );
    return 2;
  },
};

function whichRows(given: Arguments, paths: Paths) {
  const input = given.text('input');
  const csv = given.text('csv');
  if ((input === undefined) === (csv === undefined)) {
    throw badArguments(say('give either --input JSON or --csv FILE'));
  }
  return csv === undefined
    ? { rows: parseRows(input ?? '', '--input'), folder: paths.resolve('.') }
    : { csvFile: paths.resolve(csv) };
}
