/** Answers about what is generated for a training, and what its parts take. */
import { say } from '../../shared/language.ts';
import type { CancelSignal } from '../../shared/protocol/cancel.ts';
import type { ProfileWish } from '../../shared/protocol/profile.ts';
import { compileTraining } from '../train/compileTraining.ts';
import { openSource, type OpenedSource } from '../train/profile/openSource.ts';
import { profileStep } from '../train/profile/profileStep.ts';
import { toAbortSignal, type Area, type SessionHost } from './session.ts';

/** `isTraining`: whether a run trains in this process. */
export function profileHandlers(
  { createBackend, announce }: SessionHost,
  isTraining: () => boolean,
): Pick<Area<'run'>, 'run/profile' | 'run/kernels'> {
  async function opened<T>(
    wish: ProfileWish,
    cancel: CancelSignal,
    work: (source: OpenedSource, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signal = toAbortSignal(cancel);
    const onProgress = (progress: { file: string; message: string; fraction: number | null }) =>
      announce('run/progress', progress);
    const source = await openSource(wish, { createBackend, onProgress, signal });
    try {
      return await work(source, signal);
    } finally {
      source.backend.destroy();
    }
  }

  return {
    'run/profile': (wish, cancel) =>
      opened(wish, cancel, async ({ backend, prepared, start }, signal) => {
        const busy = isTraining();
        const file = 'file' in wish.source ? wish.source.file : wish.source.directory;
        const message = say('measuring steps');
        const onProgress = (fraction: number) =>
          announce('run/progress', { file, message, fraction });
        const { seconds } = wish;
        const profile = await profileStep(backend, prepared, start, {
          seconds,
          onProgress,
          signal,
        });
        return { ...profile, busy: busy || isTraining() };
      }),
    'run/kernels': (wish, cancel) =>
      opened(wish, cancel, async ({ backend, prepared, start }) => {
        const { executable } = await compileTraining(backend, prepared, start);
        const text = executable.describeCode?.() ?? executable.describe();
        executable.destroy();
        return { name: prepared.config.name, text };
      }),
  };
}
