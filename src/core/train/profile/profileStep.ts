/** Measures where a training step goes: some steps of the plan that training runs, on memory of their own. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { Profile, ProfiledKernel } from '../../../shared/protocol/profile.ts';
import type { Backend, CompileOptions, TimedKernel } from '../../backends/backend.ts';
import { compileTraining, type CompiledTraining, type DeviceStart } from '../compileTraining.ts';
import { EpochInputs, type EpochStart } from '../epochInputs.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import { timeLoop } from './timeLoop.ts';

const defaultSeconds = 3;

export interface ProfileOptions {
  readonly seconds?: number | undefined;
  readonly onProgress: (fraction: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Where the steps begin. */
export type ProfileStart = DeviceStart & EpochStart;

/** @throws AppError `backend.unsupported` where the backend cannot time kernels; what `signal` aborts with. */
export async function profileStep(
  backend: Backend,
  prepared: PreparedTraining,
  start: ProfileStart,
  { seconds = defaultSeconds, onProgress, signal }: ProfileOptions,
): Promise<Omit<Profile, 'busy'>> {
  const half = { milliseconds: (seconds * 1000) / 2, signal };
  const measure = async <T>(
    options: CompileOptions,
    work: (compiled: CompiledTraining) => Promise<T>,
  ): Promise<T> => {
    const compiled = await compileForProfile(backend, prepared, { start, options });
    try {
      return await work(compiled);
    } finally {
      compiled.executable.destroy();
    }
  };
  const stepMilliseconds = await measure({}, (compiled) =>
    plainStep(compiled, { ...half, onProgress: (done) => onProgress(done / 2) }),
  );
  const timed = await measure({ timed: true }, (compiled) =>
    timedStep(compiled, { ...half, onProgress: (done) => onProgress(0.5 + done / 2) }),
  );
  return {
    name: prepared.config.name,
    backend: backend.name,
    device: backend.deviceName,
    batchSize: prepared.task.batchSize,
    stepMilliseconds,
    ...timed,
  };
}

async function compileForProfile(
  backend: Backend,
  prepared: PreparedTraining,
  { start, options }: { readonly start: ProfileStart; readonly options: CompileOptions },
): Promise<CompiledTraining> {
  const compiled = await compileTraining(backend, prepared, start, options);
  const { executable, program } = compiled;
  const { task, config } = prepared;
  const inputs = { program: program.program, task, seed: config.seed.value };
  new EpochInputs(executable, inputs).write(start);
  return compiled;
}

interface Share {
  readonly milliseconds: number;
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds of a step as training runs it. */
async function plainStep({ executable, program }: CompiledTraining, share: Share): Promise<number> {
  const steps: number[] = [];
  await timeLoop({ executable, loop: program.train[0]!, ...share }, (iterations, taken) =>
    steps.push(taken / iterations),
  );
  return median(steps);
}

type TimedStep = Pick<Profile, 'threads' | 'steps' | 'kernelMilliseconds' | 'kernels' | 'memory'>;

async function timedStep(
  { executable, program }: CompiledTraining,
  share: Share,
): Promise<TimedStep> {
  const { memory = null } = executable;
  const loop = program.train[0]!;
  const rounds: (readonly TimedKernel[])[] = [];
  let [steps, threads] = [0, 1];
  await timeLoop({ executable, loop, ...share }, (iterations) => {
    const times = executable.takeTimes?.(loop.name);
    if (times === undefined) {
      throw new AppError('backend.unsupported', say('This device cannot time its kernels yet.'));
    }
    steps += iterations;
    threads = times.threads;
    rounds.push(times.kernels.map((k) => ({ ...k, milliseconds: k.milliseconds / iterations })));
  });
  const kernels = rounds[0]!.map((kernel, k): ProfiledKernel => {
    const milliseconds = median(rounds.map((round) => round[k]!.milliseconds));
    return { ...kernel, milliseconds };
  });
  const kernelMilliseconds = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  return { threads, steps, kernelMilliseconds, kernels: joinBlocks(kernels), memory };
}

/** One kernel for those that do the same for several blocks of a batch (rowBlocks.ts), with what they take together. */
export function joinBlocks(kernels: readonly ProfiledKernel[]): ProfiledKernel[] {
  const found = new Map<string, ProfiledKernel>();
  for (const kernel of kernels) {
    const { ops, shape, form, origins, ...amounts } = kernel;
    const key = JSON.stringify([ops, shape, form, origins]);
    const known = found.get(key) ?? { milliseconds: 0, operations: 0, bytes: 0 };
    found.set(key, {
      ...kernel,
      milliseconds: known.milliseconds + amounts.milliseconds,
      operations: known.operations + amounts.operations,
      bytes: known.bytes + amounts.bytes,
    });
  }
  return [...found.values()];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
