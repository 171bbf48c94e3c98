/** The core as its users see it: a typed client with a process behind it. The extension and the CLI share it. */
import path from 'node:path';
import { Client } from '../shared/protocol/client.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import { forkCore } from './forkCore.ts';
import { canRun, findRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';

export interface CoreOptions {
  /** The core's bundle; TRAINBENCH_CORE_PATH overrides it, to try one built elsewhere. */
  readonly bundle: string;
  /** The Node to run it on; by default the best that is found. */
  readonly nodePath?: string;
  /** Part of the name of the GPU to take; by default the fastest. */
  readonly adapter?: string;
  readonly onOutput?: (text: string) => void;
  /** Of `RuntimeSearch`. */
  readonly passedOver?: readonly string[];
}

export interface Core {
  readonly client: Client<CoreContract>;
  readonly runtime: Runtime;
  readonly pid: number | undefined;
  /** Resolves with how it ended, in words, whether asked to or not. */
  readonly exited: Promise<string>;
  /** Lets the core keep its runs and go; kills it when it takes longer than `graceMilliseconds`. */
  dispose(): Promise<void>;
}

/** A core with a run to keep writes one checkpoint before it goes. */
const graceMilliseconds = 3000;

/**
 * Starts the core on the first Node that runs on this machine: the one that we ship may be too new for its system
 * libraries. Resolves when the core answers, or cannot: then its requests say why.
 * @throws AppError `core.noRuntime`.
 */
export async function startCoreAnywhere(options: CoreOptions): Promise<Core> {
  const passedOver: string[] = [];
  for (;;) {
    const core = startCore({ ...options, passedOver });
    const { kind, executable } = core.runtime;
    const answers = await core.client.ready.then(
      () => true,
      () => false, // whoever asks is told
    );
    // What the user chose is not replaced, and after what runs us there is nothing.
    const isLast = kind === 'setting' || kind === 'host';
    if (answers || isLast || canRun(core.runtime)) return core;
    passedOver.push(executable);
  }
}

/**
 * Returns at once; requests wait for the handshake. A crash fails them with `core.exited`.
 * @throws AppError `core.noRuntime`.
 */
export function startCore(options: CoreOptions): Core {
  const { bundle, nodePath, onOutput, adapter, passedOver = [] } = options;
  const file = process.env['TRAINBENCH_CORE_PATH'] || bundle;
  const runtime = findRuntime({
    bundleFolder: path.dirname(bundle),
    passedOver,
    ...(nodePath === undefined ? {} : { nodePath }),
  });
  const child = forkCore({
    runtime,
    bundle: file,
    ...(onOutput === undefined ? {} : { onOutput }),
    ...(adapter === undefined ? {} : { adapter }),
  });
  const client = new Client<CoreContract>(child.transport, { closedCode: 'core.exited' });
  return {
    client,
    runtime,
    pid: child.pid,
    exited: child.exited,
    async dispose() {
      client.close();
      const timer = setTimeout(() => child.kill(), graceMilliseconds);
      await child.exited;
      clearTimeout(timer);
    },
  };
}
