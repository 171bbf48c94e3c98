import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import { say } from '../../shared/language.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { formatMetrics, formatNumber } from '../format.ts';

type Part = CoreContract['requests']['run/evaluate']['result']['part'];

export const evaluate: Command = {
  name: 'evaluate',
  summary: () =>
    say("Loss and metrics of a run on its test rows (else validation), or on a file's rows."),
  positionals: ['RUN'],
  synopsis: '[--data FILE] [--json]',
  options: {
    data: { argument: 'FILE', help: () => say('rows in the same columns as the training data') },
    json: jsonOption,
  },
  async run({ core, terminal, paths }, given) {
    const data = given.text('data');
    const result = await core.request('run/evaluate', {
      directory: paths.resolve(given.positionals[0]!),
      ...(data === undefined ? {} : { dataFile: paths.resolve(data) }),
    });
    if (given.flag('json')) {
      terminal.print(stringifyNumbers({ type: 'evaluation', ...result }));
      return 0;
    }
    const { part, rows, loss, metrics, verdict } = result;
    const values = [`loss ${formatNumber(loss)}`, formatMetrics(metrics)].filter(Boolean);
    terminal.print(verdict);
    terminal.print(`${rowsText(part, rows)}: ${values.join(', ')}`);
    return 0;
  },
};

function rowsText(part: Part, rows: number): string {
  if (rows === 1) {
    return { test: say('1 test row'), validation: say('1 validation row'), file: say('1 row') }[
      part
    ];
  }
  return {
    test: say`${rows} test rows`,
    validation: say`${rows} validation rows`,
    file: say`${rows} rows`,
  }[part];
}
