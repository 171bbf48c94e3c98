/**
 * `device: auto`: the fastest of what can train here, by some steps of the very training on each. Where there is little
 * to compute, or no GPU, it is the CPU without a measurement. What was measured once holds for the same program on the
 * same devices. The choice never changes what is computed but for the last bits.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../../shared/errors.ts';
import { currentLanguage, say } from '../../shared/language.ts';
import { formatValue } from '../../shared/numberFormat.ts';
import type { DeviceChoice, MeasuredDevice } from '../../shared/protocol/deviceChoice.ts';
import { ownRelease } from '../../shared/protocol/version.ts';
import type { Backend } from '../backends/backend.ts';
import { operationsOf } from '../ir/operations.ts';
import { printProgram } from '../ir/printer.ts';
import { buildEpochProgram } from './epochProgram.ts';
import { measureStep } from './measureStep.ts';
import type { PreparedTraining } from './prepareTraining.ts';
import type { BackendRequest, DeviceCandidate, RunEnvironment } from './trainingRun.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  /** null where the config names the device. */
  readonly choice: DeviceChoice | null;
}

/** The CPU is done with so many operations in a second or two: as long as a GPU takes to start. */
const littleWork = 5e9;
/** Compiling for a device and some steps of it; a device that takes longer is passed over. */
const patienceMilliseconds = 20_000;

/** @throws AppError `device.unavailable`; what `signal` aborts with. */
export async function chooseDevice(
  prepared: PreparedTraining,
  request: BackendRequest,
  environment: RunEnvironment,
): Promise<ChosenBackend> {
  const { createBackend, autoDevices } = environment;
  if (request.device !== 'auto' || autoDevices === undefined) {
    return { backend: await createBackend(request), choice: null };
  }
  const cpu = async (reason: string): Promise<ChosenBackend> => ({
    backend: await createBackend({ ...request, device: 'cpu' }),
    choice: { device: 'cpu', reason, measured: [] },
  });
  if (request.portable) return cpu(say('only the CPU gives the same bits on every machine'));
  if (isLittleWork(prepared)) {
    return cpu(say('so little to compute that the CPU is done before a GPU has started'));
  }
  const { candidates, reason } = await autoDevices.find();
  environment.signal?.throwIfAborted();
  if (candidates.length === 0) return cpu(reason);
  return new Choosing({ prepared, request, environment, autoDevices }).among(candidates);
}

function isLittleWork({ task, config }: PreparedTraining): boolean {
  const { loops } = buildEpochProgram(task).program;
  const epoch = loops.reduce((sum, loop) => sum + operationsOf(loop) * loop.count, 0);
  return epoch * config.training.epochs < littleWork;
}

interface ChoosingOptions {
  readonly prepared: PreparedTraining;
  readonly request: BackendRequest;
  readonly environment: RunEnvironment;
  readonly autoDevices: NonNullable<RunEnvironment['autoDevices']>;
}

class Choosing {
  readonly #options: ChoosingOptions;

  constructor(options: ChoosingOptions) {
    this.#options = options;
  }

  async among(candidates: readonly DeviceCandidate[]): Promise<ChosenBackend> {
    const cpu = await this.#create('cpu');
    const all = [{ device: 'cpu', name: cpu.deviceName } as const, ...candidates];
    const key = this.#key(all, cpu.threads);
    const known = parseChoice(this.#options.autoDevices.measurements.get(key));
    if (known !== null) {
      const taken =
        known.device === 'cpu' ? cpu : await this.#create(known.device).catch(() => null);
      if (taken !== null) {
        if (taken !== cpu) cpu.destroy();
        const reason = say`${textOf(known.measured)} (measured before)`;
        return { backend: taken, choice: { ...known, reason } };
      }
    }
    const chosen = await this.#measureAll(all, cpu);
    this.#options.autoDevices.measurements.add(new Map([[key, JSON.stringify(chosen.choice)]]));
    return chosen;
  }

  async #measureAll(all: readonly DeviceCandidate[], cpu: Backend): Promise<ChosenBackend> {
    const measured: MeasuredDevice[] = [];
    let best = { backend: cpu, device: 'cpu' as DeviceChoice['device'], time: Infinity };
    for (const { device, name } of all) {
      let backend: Backend | null = null;
      try {
        backend = device === 'cpu' ? cpu : await this.#create(device);
        const time = await this.#measure(backend, name);
        measured.push({ device, name, stepMilliseconds: time, problem: null });
        const [worse, better] =
          time < best.time ? [best.backend, backend] : [backend, best.backend];
        if (better === backend) best = { backend, device, time };
        if (worse !== better) worse.destroy();
      } catch (error) {
        if (backend !== best.backend) backend?.destroy();
        if (this.#options.environment.signal?.aborted) {
          best.backend.destroy();
          throw error;
        }
        measured.push({ device, name, stepMilliseconds: null, problem: errorMessage(error) });
      }
    }
    const { backend, device } = best;
    return { backend, choice: { device, reason: textOf(measured), measured } };
  }

  /** @throws Error where it takes too long. */
  async #measure(backend: Backend, name: string): Promise<number> {
    const { prepared, environment } = this.#options;
    const { onProgress, signal } = environment;
    const message = say`measuring some steps on ${name}`;
    onProgress?.({ file: prepared.config.name, message, fraction: null });
    const over = new AbortController();
    const measuring = measureStep(
      backend,
      prepared,
      AbortSignal.any([over.signal, ...(signal ? [signal] : [])]),
    );
    const seconds = patienceMilliseconds / 1000;
    const late = sleep(patienceMilliseconds, null, { signal: over.signal }).then(() => {
      throw new Error(say`not ready to train within ${seconds} s`);
    });
    try {
      return await Promise.race([measuring, late]);
    } finally {
      over.abort();
      for (const loser of [measuring, late]) loser.catch(() => undefined);
    }
  }

  #create(device: DeviceChoice['device']): Promise<Backend> {
    const { environment, request } = this.#options;
    return environment.createBackend({ ...request, device });
  }

  #key(all: readonly DeviceCandidate[], threads: number): string {
    const { task } = this.#options.prepared;
    const program = printProgram(buildEpochProgram(task).program);
    const names = all.map(({ device, name }) => `${device} ${name}`);
    const text = [ownRelease, program, ...names, threads].join('\n');
    return `auto | ${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  }
}

/** `H200: 0.31 ms a step; 2 x AMD EPYC: 4.5 ms a step`, the fastest first. */
function textOf(measured: readonly MeasuredDevice[]): string {
  const time = ({ stepMilliseconds }: MeasuredDevice) => stepMilliseconds ?? Infinity;
  return [...measured]
    .sort((a, b) => time(a) - time(b))
    .map(({ name, stepMilliseconds, problem }) =>
      stepMilliseconds === null
        ? `${name}: ${problem ?? ''}`
        : say`${name}: ${formatValue(stepMilliseconds, currentLanguage())} ms a step`,
    )
    .join('; ');
}

function parseChoice(text: string | undefined): DeviceChoice | null {
  try {
    return text === undefined ? null : (JSON.parse(text) as DeviceChoice);
  } catch {
    return null; // measured again
  }
}
