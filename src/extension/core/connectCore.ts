/** Starts the bundled core for this window and says in the log what it runs on. */
import path from 'node:path';
import type { LogOutputChannel } from 'vscode';
import { startCore } from '../../coreProcess/coreClient.ts';
import type { Core } from '../../coreProcess/coreClient.ts';

export interface CorePlace {
  readonly extensionPath: string;
  /** The user's own Node.js; the shipped one by default. */
  readonly nodePath: string | undefined;
  readonly log: LogOutputChannel;
}

/** @throws AppError `core.noRuntime`. */
export function connectCore({ extensionPath, nodePath, log }: CorePlace): Core {
  const core = startCore({
    bundle: path.join(extensionPath, 'dist', 'core.cjs'),
    onOutput: (text) => log.debug(text.trimEnd()),
    ...(nodePath === undefined ? {} : { nodePath }),
  });
  log.info(`Core process ${core.pid ?? '?'} on ${core.runtime.executable}: ${core.runtime.reason}`);
  return core;
}
