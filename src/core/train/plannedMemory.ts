/** The memory that a training is going to take. */
import type { MemoryUse } from '../../shared/kernelInfo.ts';
import { buildEpochProgram } from './epochProgram.ts';
import type { PreparedTraining } from './prepareTraining.ts';
import { taskOn } from './rowBlocks.ts';
import type { BackendFactory } from './trainingRun.ts';

/** As its own backend plans it; null where that does not. */
export async function plannedMemory(
  { config, task }: PreparedTraining,
  createBackend: BackendFactory,
): Promise<MemoryUse | null> {
  const { device, deterministic } = config.training;
  const portable = deterministic === 'portable';
  const backend = await createBackend({ device, portable, backend: null, choices: null });
  try {
    const executable = await backend.compile(buildEpochProgram(taskOn(backend, task)).program);
    executable.destroy();
    return executable.memory ?? null;
  } finally {
    backend.destroy();
  }
}
