import { say } from '../../shared/language.ts';
import { watchRun } from '../watchRun.ts';
import {
  adapterOption,
  deviceOption,
  jsonOption,
  mostThreads,
  threadsOption,
  trainingDevices,
} from '../command.ts';
import type { Command } from '../command.ts';
import { machineOf, sshOptions } from '../overSsh.ts';
import { printProfile } from './profile.ts';

export const train: Command = {
  name: 'train',
  summary: () =>
    say('Trains the model that a *.train.yaml describes. Ctrl+C stops and keeps the run.'),
  positionals: ['FILE'],
  synopsis:
    '[--device D] [--adapter NAME] [--seed N] [--epochs N] [--threads N] [--out DIR] [--ssh USER@HOST [--identity FILE] [--jump USER@HOST]] [--profile] [--json]',
  options: {
    device: deviceOption,
    adapter: adapterOption,
    seed: { argument: 'N', help: () => say('of all random numbers; by default as in the config') },
    epochs: { argument: 'N', help: () => say('by default as in the config') },
    threads: threadsOption,
    out: { argument: 'DIR', help: () => say('folder of the runs; by default as in the config') },
    ...sshOptions,
    profile: {
      help: () => say('afterwards, tell where a step goes; TRAINBENCH_DEBUG=2 does so too'),
    },
    json: jsonOption,
  },
  async run(context, given) {
    const device = given.choice('device', trainingDevices);
    const seed = given.wholeNumber('seed', 0, 0xffffffff);
    const epochs = given.wholeNumber('epochs', 1);
    const threads = given.wholeNumber('threads', 1, mostThreads);
    const out = given.text('out');
    const overrides = {
      ...(device === undefined ? {} : { device }),
      ...(seed === undefined ? {} : { seed }),
      ...(epochs === undefined ? {} : { epochs }),
      ...(threads === undefined ? {} : { threads }),
      ...(out === undefined ? {} : { outputDirectory: context.paths.resolve(out) }),
    };
    const file = context.paths.resolve(given.positionals[0]!);
    const json = given.flag('json');
    const there = await machineOf(context, given);
    const code = await watchRun(
      context,
      (signal) =>
        context.core.request(
          'run/start',
          { file, overrides, startPaused: false, ...there },
          signal,
        ),
      json,
    );
    if (given.flag('profile') || wantsProfile(process.env)) {
      const wish = {
        source: { file },
        ...(device === undefined ? {} : { device }),
        ...(threads === undefined ? {} : { threads }),
      };
      await printProfile(context, wish, json);
    }
    return code;
  },
};

/** Levels of what is told for debugging: from 2 on the time of every kernel. */
function wantsProfile({ TRAINBENCH_DEBUG: level }: NodeJS.ProcessEnv): boolean {
  return Number(level) >= 2;
}
