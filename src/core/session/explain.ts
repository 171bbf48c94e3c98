/** Answers about single steps: of runs in training and of those on disk. */
import path from 'node:path';
import { Explainer } from '../train/explain/explainer.ts';
import type { TrainingRun } from '../train/trainingRun.ts';
import { toAbortSignal, type Area, type SessionHost } from './session.ts';

/** `training` gives the run of a folder while it trains in this process. */
export function explainHandlers(
  { createBackend, announce }: SessionHost,
  training: (directory: string) => TrainingRun | null,
): Pick<Area<'run'>, 'run/explain'> {
  const explainer = new Explainer();
  return {
    'run/explain': (wish, cancel) => {
      const directory = path.resolve(wish.directory);
      return explainer.explain(
        { ...wish, directory },
        {
          createBackend,
          run: training(directory),
          signal: toAbortSignal(cancel),
          onProgress: (progress) => announce('run/progress', progress),
        },
      );
    },
  };
}
