/** Answers about what can train here, and the setting up of what comes on request. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { toAbortSignal } from './session.ts';
import type { Area, SessionHost } from './session.ts';

export function deviceHandlers({ listDevices, cuda, announce }: SessionHost): Area<'device'> {
  let isBusy = false;
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isBusy) throw new AppError('device.install', say('TensorFlow is being installed already'));
    isBusy = true;
    try {
      return await work();
    } finally {
      isBusy = false;
    }
  };
  return {
    'device/list': async () => ({ devices: await listDevices() }),
    'device/install': ({ kind }, cancel) =>
      alone(async () => {
        const onProgress = (message: string) =>
          announce('run/progress', { file: 'cuda', message, fraction: null });
        await cuda.install({ kind, signal: toAbortSignal(cancel), onProgress });
        const found = (await listDevices()).find(({ device }) => device === 'cuda');
        return { device: found! };
      }),
    'device/uninstall': () => alone(async () => ({ removed: await cuda.remove() })),
  };
}
