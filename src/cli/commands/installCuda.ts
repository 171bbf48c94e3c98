import { say } from '../../shared/language.ts';
import type { Command, CommandContext } from '../command.ts';
import { withProgress } from '../showProgress.ts';

export const installCuda: Command = {
  name: 'install-cuda',
  summary: () => say('Install TensorFlow for device "cuda", with npm, or take it away.'),
  positionals: [],
  synopsis: '[--cpu | --remove]',
  options: {
    cpu: { help: () => say('the build for processors, for machines without an NVIDIA GPU') },
    remove: { help: () => say('take away what is installed') },
  },
  async run(context, given) {
    return given.flag('remove') ? remove(context) : install(context, given.flag('cpu'));
  },
};

async function remove({ core, terminal }: CommandContext): Promise<0> {
  const { removed } = await core.request('device/uninstall', {});
  terminal.print(removed ? say('TensorFlow was taken away') : say('TensorFlow was not installed'));
  return 0;
}

async function install(context: CommandContext, isCpu: boolean): Promise<0 | 1> {
  const { core, terminal, onInterrupt } = context;
  const controller = new AbortController();
  onInterrupt(() => controller.abort());
  const { device } = await withProgress(context, () =>
    core.request('device/install', { kind: isCpu ? 'cpu' : 'gpu' }, controller.signal),
  );
  const { usable, name, reason } = device;
  terminal.print(
    usable ? say`device "cuda" can be used: ${name}` : say`device "cuda" cannot be used: ${reason}`,
  );
  return usable ? 0 : 1;
}
