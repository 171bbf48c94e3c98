/** The end of the link that has TensorFlow in it: a process of its own, on a Node that its native addon works on. */
import { createRequire } from 'node:module';
import { AppError, errorMessage, invariant } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { Backend, Executable } from '../backends/backend.ts';
import type { TensorFlow } from '../backends/tfjs/tensorFlow.ts';
import { createTfjsBackend } from '../backends/tfjs/tfjsBackend.ts';
import type { OpenedTensorFlow, TensorFlowContract } from './contract.ts';
import { unpackProgram } from './packedProgram.ts';

export function tensorFlowHandlers(): Handlers<TensorFlowContract> {
  let backend: Backend | null = null;
  const executables: Executable[] = [];
  const of = ({ executable }: { readonly executable: number }): Executable => {
    const found = executables[executable];
    invariant(found !== undefined, `no executable ${executable}`);
    return found;
  };
  return {
    async open({ module }) {
      const { tf, opened } = await openTensorFlow(module);
      backend = createTfjsBackend({ tf, deviceName: opened.name });
      return opened;
    },
    async compile({ program }) {
      invariant(backend !== null, 'TensorFlow is not open');
      const compiled = await backend.compile(unpackProgram(program));
      return { executable: executables.push(compiled) - 1 };
    },
    write: (args) => explained(() => of(args).write(args.buffer, args.values, args.offset)),
    async read(args) {
      return { values: await of(args).read(args.buffer, args.offset, args.count) };
    },
    run: (args) => explained(() => of(args).run(args.loop, args.from, args.to)),
    release: (args) => explained(() => of(args).destroy()),
  };
}

async function openTensorFlow(
  module: string,
): Promise<{ tf: TensorFlow; opened: OpenedTensorFlow }> {
  const tf = createRequire(module)(module) as TensorFlow;
  await tf.ready();
  const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
  const name = `TensorFlow.js ${tf.version_core}, ${tf.getBackend()}`;
  return { tf, opened: { name, usesGpu: isUsingGpuDevice ?? null } };
}

async function explained(work: () => unknown): Promise<Record<string, never>> {
  try {
    await work();
    return {};
  } catch (cause) {
    const message = errorMessage(cause);
    if (!/OOM|ResourceExhausted|out of memory/i.test(message)) throw cause;
    throw new AppError(
      'device.outOfMemory',
      say`The GPU has not enough memory left (${message}); use a smaller batch, or device "cpu".`,
      { cause },
    );
  }
}
