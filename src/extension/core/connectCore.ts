/** Starts the bundled core for this window and says in the log what it runs on. */
import path from 'node:path';
import { startCoreAnywhere } from '../../coreProcess/coreClient.ts';
import type { Core } from '../../coreProcess/coreClient.ts';
import type { Log } from '../ui/guardedLog.ts';

export interface CorePlace {
  readonly extensionPath: string;
  /** The user's own Node.js; the shipped one by default. */
  readonly nodePath: string | undefined;
  /** Part of the name of the user's own choice of GPU. */
  readonly adapter: string | undefined;
  readonly log: Log;
}

/** @throws AppError `core.noRuntime`. */
export async function connectCore({
  extensionPath,
  nodePath,
  adapter,
  log,
}: CorePlace): Promise<Core> {
  const core = await startCoreAnywhere({
    bundle: path.join(extensionPath, 'dist', 'core.cjs'),
    onOutput: (text) => log.debug(text.trimEnd()),
    ...(nodePath === undefined ? {} : { nodePath }),
    ...(adapter === undefined ? {} : { adapter }),
  });
  const { kind } = core.runtime;
  const level = kind === 'shipped' || kind === 'setting' ? 'info' : 'warn';
  log[level](
    `Core process ${core.pid ?? '?'} on ${core.runtime.executable}: ${core.runtime.reason}`,
  );
  return core;
}
