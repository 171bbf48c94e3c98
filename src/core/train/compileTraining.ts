/** Puts a prepared training on a backend: the epoch program compiled, its buffers filled. */
import type { Backend, CompileOptions, Executable } from '../backends/backend.ts';
import type { PreparedData } from '../data/preparedData.ts';
import type { ModelContext } from '../graph/model.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import { checkMemory } from './checkMemory.ts';
import { buildEpochProgram, type EpochProgram } from './epochProgram.ts';
import type { PreparedTraining } from './prepareTraining.ts';
import { taskOn } from './rowBlocks.ts';
import { targetValues } from './targets.ts';
import { writeTensors, writeWhitening } from './weights.ts';

export interface CompiledTraining {
  readonly program: EpochProgram;
  readonly executable: Executable;
}

export interface DeviceStart {
  /** Of the model, and of the optimizer when it does not start at zero. */
  readonly tensors: readonly NamedTensor[];
  /** Steps done. */
  readonly step: number;
}

export async function compileTraining(
  backend: Backend,
  { config, data, model, task }: PreparedTraining,
  start: DeviceStart,
  options: CompileOptions = {},
): Promise<CompiledTraining> {
  const program = buildEpochProgram(taskOn(backend, task));
  await checkMemory(backend, task, program.program);
  const executable = await backend.compile(program.program, options);
  const declared = new Set(program.program.buffers.map(({ name }) => name));
  writeData(executable, data, model.context);
  writeWhitening(executable, model.context);
  writeTensors(
    executable,
    start.tensors.filter(({ name }) => declared.has(name)),
  );
  executable.write('step', Int32Array.of(start.step));
  // Seeds up to 2^32 - 1: the same 32 bits, read as signed.
  if (declared.has('seed')) executable.write('seed', Int32Array.of(config.seed.value | 0));
  return { program, executable };
}

function writeData(
  executable: Executable,
  { train, validation }: PreparedData,
  { target }: ModelContext,
): void {
  executable.write('data/train/x', train.x);
  executable.write('data/train/y', targetValues(target, train.y));
  if (validation.rows === 0) return;
  executable.write('data/validation/x', validation.x);
  executable.write('data/validation/y', targetValues(target, validation.y));
}
