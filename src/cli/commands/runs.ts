import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import type { RunListEntry } from '../../shared/protocol/core.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { alignColumns, formatNumber } from '../format.ts';

export const runs: Command = {
  name: 'runs',
  summary: () => say('The runs in a folder, newest first; by default in `runs` here.'),
  positionals: ['[DIR]'],
  synopsis: '[--json]',
  options: { json: jsonOption },
  async run({ core, terminal, paths }, given) {
    const directory = paths.resolve(given.positionals[0] ?? 'runs');
    const { runs: found } = await core.request('run/list', { directory });
    if (given.flag('json')) {
      for (const run of found) terminal.print(stringifyNumbers({ type: 'run', ...run }));
    } else if (found.length === 0) {
      terminal.note(say`no runs in ${directory}`);
    } else {
      terminal.print(alignColumns(found.map((run) => [paths.show(run.directory), describe(run)])));
    }
    return 0;
  },
};

function describe({ state, epochs, epochsDone, loss, val_loss }: RunListEntry): string {
  const values = Object.entries({ loss, val_loss }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${formatNumber(value)}`],
  );
  return [stateName(state), say`epoch ${epochsDone}/${epochs}`, ...values].join(', ');
}

function stateName(state: RunListEntry['state']): string {
  const names: Readonly<Record<typeof state, string>> = {
    preparing: say('preparing'),
    running: say('running'),
    paused: say('paused'),
    completed: say('completed'),
    stopped: say('stopped'),
    failed: say('failed'),
    interrupted: say('interrupted'),
  };
  return names[state];
}
