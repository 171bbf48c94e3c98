/** The core as its users see it: a typed client with a process behind it. The extension and the CLI share it. */
import path from 'node:path';
import { Client } from '../shared/protocol/client.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import { forkCore } from './forkCore.ts';
import { findRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';

export interface CoreOptions {
  /** The core's bundle; TRAINBENCH_CORE_PATH overrides it, to try one built elsewhere. */
  readonly bundle: string;
  /** The Node to run it on; by default the best that is found. */
  readonly nodePath?: string;
  readonly onOutput?: (text: string) => void;
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
 * Returns at once; requests wait for the handshake. A crash fails them with `core.exited`.
 * @throws AppError `core.noRuntime`.
 */
export function startCore({ bundle, nodePath, onOutput }: CoreOptions): Core {
  const file = process.env['TRAINBENCH_CORE_PATH'] || bundle;
  const runtime = findRuntime({
    bundleFolder: path.dirname(bundle),
    ...(nodePath === undefined ? {} : { nodePath }),
  });
  const child = forkCore({
    runtime,
    bundle: file,
    ...(onOutput === undefined ? {} : { onOutput }),
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
