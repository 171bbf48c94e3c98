import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { formatMetrics, formatNumber } from '../format.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary: "Loss and metrics of a run on its test rows (else validation), or on a file's rows.",
  positionals: ['RUN'],
  synopsis: '[--data FILE] [--json]',
  options: {
    data: { argument: 'FILE', help: 'rows in the same columns as the training data' },
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
    terminal.print(`${rows} ${part === 'file' ? '' : `${part} `}rows: ${values.join(', ')}`);
    return 0;
  },
};
