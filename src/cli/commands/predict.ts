import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { InputRow } from '../../shared/protocol/core.ts';
import { badArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { formatPrediction } from '../format.ts';
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
    return 0;
  },
};

function whichRows(given: Arguments, paths: Paths) {
  const input = given.text('input');
  const csv = given.text('csv');
  if ((input === undefined) === (csv === undefined)) {
    throw badArguments('give either --input JSON or --csv FILE');
  }
  return csv === undefined ? { rows: parseRows(input ?? '') } : { csvFile: paths.resolve(csv) };
}

function parseRows(text: string): readonly InputRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badArguments(`--input is not JSON: ${reason}`);
  }
  const rows: unknown[] = Array.isArray(value) ? value : [value];
  const wrong = rows.find((row) => !isInputRow(row));
  if (wrong === undefined) return rows as InputRow[];
  throw badArguments(
    `--input must be an object of feature names with text, numbers or null, or a list of those; it has ${JSON.stringify(wrong)}`,
  );
}

function isInputRow(value: unknown): value is InputRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (cell) => cell === null || typeof cell === 'string' || typeof cell === 'number',
  );
}
