import { say } from '../../shared/language.ts';
import { watchRun } from '../watchRun.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';

/** More would only wait for each other. */
const mostThreads = 256;

export const train: Command = {
  name: 'train',
  summary: () =>
    say('Trains the model that a *.train.yaml describes. Ctrl+C stops and keeps the run.'),
  positionals: ['FILE'],
  synopsis: '[--device D] [--seed N] [--epochs N] [--threads N] [--out DIR] [--json]',
  options: {
    device: {
      argument: 'D',
      help: () => say('auto, cpu, webgpu or cuda; by default as in the config'),
    },
    seed: { argument: 'N', help: () => say('of all random numbers; by default as in the config') },
    epochs: { argument: 'N', help: () => say('by default as in the config') },
    threads: {
      argument: 'N',
      help: () => say('that compute; by default the physical cores less one'),
    },
    out: { argument: 'DIR', help: () => say('folder of the runs; by default as in the config') },
    json: jsonOption,
  },
  run(context, given) {
    const device = given.choice('device', ['auto', 'cpu', 'webgpu', 'cuda']);
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
    return watchRun(
      context,
      (signal) =>
        context.core.request('run/start', { file, overrides, startPaused: false }, signal),
      given.flag('json'),
    );
  },
};
