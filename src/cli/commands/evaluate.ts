import { say } from '../../shared/language.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { EvaluationWish, WeightsChoice } from '../../shared/protocol/evaluation.ts';
import { plainEvaluation } from '../../shared/protocol/plainEvaluation.ts';
import { badArguments, type Arguments } from '../arguments.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { evaluationText } from '../evaluationText.ts';
import type { Paths } from '../paths.ts';
import { withProgress } from '../showProgress.ts';
import { printDiagnostics } from './diagnosticOutput.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary: () => say("How good a run is on its test rows (else validation), or on a file's rows."),
  positionals: ['RUN'],
  synopsis: '[--data FILE | --split PART] [--weights WHICH] [--worst N] [--save FILE] [--json]',
  options: {
    data: { argument: 'FILE', help: () => say('rows in the same columns as the training data') },
    split: {
      argument: 'PART',
      help: () => say("the run's own rows of test, validation or train"),
    },
    weights: {
      argument: 'WHICH',
      help: () =>
        say('best (by default, where the run keeps them), last, or the number of an epoch'),
    },
    worst: { argument: 'N', help: () => say('how many of the rows with the highest loss to show') },
    save: {
      argument: 'FILE',
      help: () => say('write a .json with all of it, or a .csv with a line for each row'),
    },
    json: jsonOption,
  },
  async run(context, given) {
    const { core, terminal, paths } = context;
    const wish = wishOf(given, paths);
    const evaluation = await withProgress(context, () => core.request('run/evaluate', wish));
    const json = given.flag('json');
    terminal.print(
      json
        ? stringifyNumbers({ type: 'evaluation', ...plainEvaluation(evaluation) })
        : evaluationText(evaluation, wish.worst),
    );
    printDiagnostics(context, evaluation.problems, json);
    return 0;
  },
};

function wishOf(given: Arguments, paths: Paths): EvaluationWish & { readonly worst: number } {
  const data = given.text('data');
  const part = given.choice('split', ['test', 'validation', 'train']);
  const weights = weightsOf(given);
  const save = given.text('save');
  if (data !== undefined && part !== undefined) {
    throw badArguments(say('give either --data FILE or --split PART'));
  }
  return {
    directory: paths.resolve(given.positionals[0]!),
    worst: given.wholeNumber('worst', 0, 200) ?? (given.flag('json') ? 24 : 5),
    ...(data === undefined ? {} : { dataFile: paths.resolve(data) }),
    ...(part === undefined ? {} : { part }),
    ...(weights === undefined ? {} : { weights }),
    ...(save === undefined ? {} : { saveTo: paths.resolve(save) }),
  };
}

function weightsOf(given: Arguments): WeightsChoice | undefined {
  const text = given.text('weights');
  if (text === undefined) return undefined;
  if (text === 'best') return 'kept';
  if (text === 'last') return 'last';
  return { epoch: given.wholeNumber('weights', 0)! };
}
