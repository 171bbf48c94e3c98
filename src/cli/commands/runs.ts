import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import type { RunListEntry } from '../../shared/protocol/core.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { alignColumns, formatNumber } from '../format.ts';

export const runs: Command = {
  name: 'runs',
  summary: () =>
    say('The runs in a folder, newest first; by default in all folders `runs` here and below.'),
  positionals: ['[DIR]'],
  synopsis: '[--json]',
  options: { json: jsonOption },
  async run({ core, terminal, paths }, given) {
    const [named] = given.positionals;
    const directory = paths.resolve(named ?? 'runs');
    const folders = named === undefined ? await runFolders(paths.resolve('.')) : [directory];
    const found: RunListEntry[] = [];
    for (const folder of folders) {
      found.push(...(await core.request('run/list', { directory: folder })).runs);
    }
    found.sort((a, b) => b.created.localeCompare(a.created));
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

/** Where the runs of the configs here lie, and of those in folders below; not in hidden or installed ones. */
async function runFolders(base: string, depth = 3): Promise<string[]> {
  const entries = await readdir(base, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const open = names.filter((name) => !/^(?:\.|node_modules$)/.test(name));
  const found = await Promise.all(
    open.map(async (name) => {
      const folder = path.join(base, name);
      if (name === 'runs') return [folder];
      return depth > 1 ? runFolders(folder, depth - 1) : [];
    }),
  );
  return found.flat();
}

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
