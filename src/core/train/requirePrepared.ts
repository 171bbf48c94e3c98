import { formatDiagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import type {
  PreparationResult,
  PreparedTraining,
  PrepareTrainingOptions,
} from './prepareTraining.ts';
import type { RunEnvironment } from './trainingRun.ts';

/** @throws AppError `config.invalid` with the diagnostics. */
export function requirePrepared(
  { prepared, diagnostics }: PreparationResult,
  file: string,
): PreparedTraining {
  if (prepared !== null) return prepared;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0] === undefined ? '' : `: ${formatDiagnostic(errors[0])}`;
  const more = errors.length > 1 ? say` (and ${errors.length - 1} more)` : '';
  throw new AppError('config.invalid', say`${file} cannot be trained${first}${more}`, {
    diagnostics,
  });
}

/** What preparing a training needs of a run's environment; `file` names the work in progress events. */
export function progressOf(
  { onProgress, signal }: Pick<RunEnvironment, 'onProgress' | 'signal'>,
  file: string,
): Pick<PrepareTrainingOptions, 'onProgress' | 'signal'> {
  return {
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ file, ...progress }) }),
    signal,
  };
}
