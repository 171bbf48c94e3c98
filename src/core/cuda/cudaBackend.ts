/** Device `cuda` in the core: a backend whose work is done in a process of its own. */
import { AppError, errorMessage, isError } from '../../shared/errors.ts';
import { forkCore } from '../../coreProcess/forkCore.ts';
import { say } from '../../shared/language.ts';
import { Client } from '../../shared/protocol/client.ts';
import type { TensorValues } from '../../shared/tensor/tensorType.ts';
import type { Backend, Executable } from '../backends/backend.ts';
import type { Program } from '../ir/program.ts';
import { printProgram } from '../ir/printer.ts';
import { unrollScans } from '../passes/unrollScans.ts';
import type { OpenedTensorFlow, TensorFlowContract } from './contract.ts';
import { packProgram } from './packedProgram.ts';

export interface TensorFlowPlace {
  /** The package's main file. */
  readonly module: string;
  /** The Node that its addon works on. */
  readonly node: string;
  /** Our bundle for that process. */
  readonly bundle: string;
}

/** Elements of one message: data sets go over in pieces. */
const pieceLength = 4 * 2 ** 20;

export interface TensorFlowProcess {
  readonly client: Client<TensorFlowContract>;
  readonly opened: OpenedTensorFlow;
  readonly close: () => void;
}

/** @throws AppError `device.unavailable` with what the package says where it does not load. */
export async function openTensorFlow(place: TensorFlowPlace): Promise<TensorFlowProcess> {
  const runtime = { executable: place.node, kind: 'setting', reason: '' } as const;
  const child = forkCore({ runtime, bundle: place.bundle });
  const client = new Client<TensorFlowContract>(child.transport, { closedCode: 'device.lost' });
  const close = (): void => {
    client.close();
    child.kill();
  };
  try {
    const opened = await client.request('open', { module: place.module });
    return { client, opened, close };
  } catch (cause) {
    close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('device.unavailable', say`TensorFlow does not load: ${reason}`, { cause });
  }
}

/**
 * @param problemOf says why what was opened must not be used, or null
 * @throws AppError `device.unavailable`
 */
export async function createCudaBackend(
  place: TensorFlowPlace,
  problemOf: (opened: OpenedTensorFlow) => string | null,
): Promise<Backend> {
  const { client, opened, close } = await openTensorFlow(place);
  const problem = problemOf(opened);
  if (problem !== null) {
    close();
    throw new AppError('device.unavailable', problem);
  }
  return {
    name: 'tfjs',
    deviceName: opened.usesGpu === true ? `${opened.name}, CUDA` : opened.name,
    choices: {},
    threads: 1,
    async compile(program) {
      const whole = unrollScans(program);
      const { executable } = await client.request('compile', { program: packProgram(whole) });
      return new RemoteExecutable(client, executable, whole);
    },
    destroy: close,
  };
}

/** @throws AppError `device.lost` in words for whoever trains, where the process is gone. */
async function told<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (cause) {
    if (!isError(cause, 'device.lost')) throw cause;
    const reason = errorMessage(cause);
    throw new AppError(
      'device.lost',
      say`TensorFlow's process is gone (${reason}). The run is kept at its last checkpoint: resume it, on the CPU with device "cpu" if it happens again.`,
      { cause },
    );
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

class RemoteExecutable implements Executable {
  readonly #client: Client<TensorFlowContract>;
  readonly #executable: number;
  readonly #program: Program;
  /** Of a write that nobody awaited: told by the next call that is. */
  #failure: Error | null = null;

  constructor(client: Client<TensorFlowContract>, executable: number, program: Program) {
    this.#client = client;
    this.#executable = executable;
    this.#program = program;
  }

  /** Copies at once; messages keep their order, so what follows sees it. */
  write(buffer: string, values: TensorValues, offset = 0): void {
    const executable = this.#executable;
    for (let at = 0; at === 0 || at < values.length; at += pieceLength) {
      const piece = values.slice(at, at + pieceLength);
      this.#client
        .request('write', { executable, buffer, values: piece, offset: offset + at })
        .catch((error: unknown) => (this.#failure ??= asError(error)));
    }
  }

  async read(buffer: string, offset = 0, count?: number): Promise<TensorValues> {
    const wanted = { executable: this.#executable, buffer, offset };
    const all = count === undefined ? wanted : { ...wanted, count };
    const { values } = await told(this.#client.request('read', all));
    this.#tellFailure();
    return values;
  }

  async run(loop: string, from: number, to: number): Promise<void> {
    await told(this.#client.request('run', { executable: this.#executable, loop, from, to }));
    this.#tellFailure();
  }

  describe(): string {
    return printProgram(this.#program);
  }

  destroy(): void {
    // A process that is gone has released everything.
    this.#client.request('release', { executable: this.#executable }).catch(() => undefined);
  }

  #tellFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}
