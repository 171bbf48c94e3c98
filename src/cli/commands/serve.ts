import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { startPredictServer } from '../predictServer.ts';

const usualPort = 8700;

export const serve: Command = {
  name: 'serve',
  summary: () => say('Answers other programs on this machine over HTTP, with what a run predicts.'),
  positionals: ['RUN'],
  synopsis: '[--port N] [--json]',
  options: {
    port: {
      argument: 'N',
      help: () => say`where to listen; ${usualPort} by default, 0 for any free port`,
    },
    json: jsonOption,
  },
  async run({ core, terminal, paths, onInterrupt }, given) {
    const directory = paths.resolve(given.positionals[0]!);
    const inputs = await core.request('run/inputs', { directory });
    const server = await startPredictServer({
      port: given.wholeNumber('port', 0, 65_535) ?? usualPort,
      description: inputs,
      predict: async (rows) => (await core.request('run/predict', { directory, rows })).predictions,
      onAnswer: (request, status) => terminal.note(`${request} ${status}`),
    });
    const url = `http://127.0.0.1:${server.port}/predict`;
    if (given.flag('json')) terminal.print(stringifyNumbers({ type: 'serving', url }));
    else {
      const body = JSON.stringify(inputs.example).replaceAll("'", "'\\''");
      terminal.print(say`${inputs.name} answers at ${url} until Ctrl+C. Ask it with`);
      terminal.print(`  curl ${url} -H 'content-type: application/json' -d '${body}'`);
    }
    await new Promise<void>((resolve) => onInterrupt(resolve));
    await server.close();
    return 0;
  },
};
