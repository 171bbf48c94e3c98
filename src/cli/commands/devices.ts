import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import { adapterOption, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { alignColumns } from '../format.ts';

export const devices: Command = {
  name: 'devices',
  summary: () => say('What can train here, and why something cannot.'),
  positionals: [],
  synopsis: '[--adapter NAME] [--json]',
  options: { adapter: adapterOption, json: jsonOption },
  async run({ core, terminal }, given) {
    const { devices: found } = await core.request('device/list', {});
    if (given.flag('json')) {
      for (const device of found) terminal.print(stringifyNumbers({ type: 'device', ...device }));
      return 0;
    }
    const rows = found.map(({ device, usable, backend, name, reason }) => [
      `${usable ? '+' : '-'} ${device}`,
      usable ? `${name} (${backend}): ${reason}` : reason,
    ]);
    terminal.print(alignColumns(rows));
    return 0;
  },
};
