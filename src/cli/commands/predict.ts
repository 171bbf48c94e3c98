import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { badArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { formatPrediction } from '../format.ts';
import { parseRows } from '../inputRows.ts';
import type { Paths } from '../paths.ts';

export const predict: Command = {
  name: 'predict',
  summary: 'What a trained run says about new rows.',
  positionals: ['RUN'],
  synopsis: '(--input JSON | --csv FILE) [--json]',
  options: {
    input: { argument: 'JSON', help: 'a row {"feature": value, ...}, or a list of rows' },
    csv: { argument: 'FILE', help: 'rows in the columns of the training data' },
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
    terminal.note(
      `${failed} of ${predictions.length} rows are not predicted: something is missing or wrong`,
    );
    return 2;
  },
};

function whichRows(given: Arguments, paths: Paths) {
  const input = given.text('input');
  const csv = given.text('csv');
  if ((input === undefined) === (csv === undefined)) {
    throw badArguments('give either --input JSON or --csv FILE');
  }
  return csv === undefined
    ? { rows: parseRows(input ?? '', '--input') }
    : { csvFile: paths.resolve(csv) };
}
