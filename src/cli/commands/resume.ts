import { say } from '../../shared/language.ts';
import { watchRun } from '../watchRun.ts';
import { adapterOption, jsonOption, trainingDevices } from '../command.ts';
import { machineOf, sshOptions } from '../overSsh.ts';
import type { Command } from '../command.ts';

export const resume: Command = {
  name: 'resume',
  summary: () =>
    say('Goes on with a run that was stopped or interrupted, as if it had never ended.'),
  positionals: ['RUN'],
  synopsis:
    '[--device D] [--adapter NAME] [--epochs N] [--ssh USER@HOST [--identity FILE] [--jump USER@HOST]] [--json]',
  options: {
    device: {
      argument: 'D',
      help: () => say('auto, cpu, webgpu or cuda; by default the one that the run had'),
    },
    adapter: adapterOption,
    epochs: {
      argument: 'N',
      help: () => say('new total; more than before extends a finished run'),
    },
    ...sshOptions,
    json: jsonOption,
  },
  async run(context, given) {
    const device = given.choice('device', trainingDevices);
    const epochs = given.wholeNumber('epochs', 1);
    const directory = context.paths.resolve(given.positionals[0]!);
    const args = {
      ...(await machineOf(context, given)),
      directory,
      startPaused: false,
      ...(device === undefined ? {} : { device }),
      ...(epochs === undefined ? {} : { epochs }),
    };
    return watchRun(
      context,
      (signal) => context.core.request('run/resume', args, signal),
      given.flag('json'),
    );
  },
};
