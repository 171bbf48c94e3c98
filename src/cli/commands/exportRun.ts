import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import { badArguments } from '../arguments.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';

export const exportRun: Command = {
  name: 'export',
  summary: () =>
    say('Writes the weights of a run for other tools: a PyTorch state_dict, or safetensors.'),
  positionals: ['RUN'],
  synopsis: '--format pt|safetensors [--out FILE] [--json]',
  options: {
    format: { argument: 'F', help: () => say('pt or safetensors') },
    out: { argument: 'FILE', help: () => say('by default in the folder of the run') },
    json: jsonOption,
  },
  async run({ core, terminal, paths }, given) {
    const format = given.choice('format', ['pt', 'safetensors']);
    if (format === undefined) throw badArguments(say('--format is missing: pt or safetensors'));
    const out = given.text('out');
    const { file } = await core.request('run/export', {
      directory: paths.resolve(given.positionals[0]!),
      format,
      ...(out === undefined ? {} : { file: paths.resolve(out) }),
    });
    terminal.print(
      given.flag('json') ? stringifyNumbers({ type: 'export', format, file }) : paths.show(file),
    );
    return 0;
  },
};
