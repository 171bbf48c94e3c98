import { statSync } from 'node:fs';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { say } from '../../shared/language.ts';
import type { ProfileWish } from '../../shared/protocol/profile.ts';
import {
  deviceOption,
  jsonOption,
  mostThreads,
  threadsOption,
  trainingDevices,
} from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { profileText } from '../profileText.ts';
import { withProgress } from '../showProgress.ts';

/** Nobody waits longer for a table. */
const mostSeconds = 600;

export const profile: Command = {
  name: 'profile',
  summary: () => say('Where a training step goes: time, GFLOP/s and bytes of every kernel.'),
  positionals: ['FILE|RUN'],
  synopsis: '[--seconds N] [--device D] [--threads N] [--kernels] [--json]',
  options: {
    seconds: { argument: 'N', help: () => say('how long to measure; by default 3') },
    device: deviceOption,
    threads: threadsOption,
    kernels: { help: () => say('print what is generated instead, with its code') },
    json: jsonOption,
  },
  async run(context, given) {
    const place = context.paths.resolve(given.positionals[0]!);
    const device = given.choice('device', trainingDevices);
    const threads = given.wholeNumber('threads', 1, mostThreads);
    const seconds = given.wholeNumber('seconds', 1, mostSeconds);
    const wish = {
      source: isFolder(place) ? { directory: place } : { file: place },
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
    };
    if (given.flag('kernels')) await printKernels(context, wish);
    else {
      const limits = seconds === undefined ? {} : { seconds };
      await printProfile(context, { ...wish, ...limits }, given.flag('json'));
    }
    return 0;
  },
};

/** Measures, and prints a table, or an object a line: the step, then its kernels. */
export async function printProfile(
  context: CommandContext,
  wish: ProfileWish,
  json: boolean,
): Promise<void> {
  const { core, terminal } = context;
  const measured = await withProgress(context, () => core.request('run/profile', wish));
  if (!json) {
    terminal.print(profileText(measured));
    return;
  }
  const { kernels, ...step } = measured;
  terminal.print(stringifyNumbers({ type: 'profile', ...step }));
  for (const kernel of kernels) terminal.print(stringifyNumbers({ type: 'kernel', ...kernel }));
}

async function printKernels(
  context: CommandContext,
  wish: Omit<ProfileWish, 'seconds'>,
): Promise<void> {
  const { core, terminal } = context;
  const { text } = await withProgress(context, () => core.request('run/kernels', wish));
  terminal.print(text);
}

/** Runs are folders; what is not there is said by the core. */
function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
