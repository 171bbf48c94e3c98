import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Backend } from '../backends/backend.ts';
import type { OpenedRun } from '../runs/openRun.ts';
import type { RunEnvironment } from './trainingRun.ts';

/** The backend of a run that exists, with the choices it was trained with. */
export function openBackend(
  { createBackend }: RunEnvironment,
  { environment }: OpenedRun,
  { training }: Pick<TrainConfig, 'training'>,
): Promise<Backend> {
  const portable = environment.floatMode === 'portable';
  const { choices } = environment;
  return createBackend({ device: training.device, portable, choices });
}
