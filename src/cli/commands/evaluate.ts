import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { formatMetrics, formatNumber } from '../format.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary: "Loss and metrics of a run on its validation rows, or on another file's rows.",
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
    const metrics = formatMetrics(result.metrics);
    terminal.print(result.verdict);
    terminal.print(
      `${result.rows} rows: loss ${formatNumber(result.loss)}${metrics === '' ? '' : `, ${metrics}`}`,
    );
    return 0;
  },
};
