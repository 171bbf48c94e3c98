/** The built core in a real process. Build first: `npm run build`, as `npm test` does. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCore } from '../../src/coreProcess/coreClient.ts';
import type { Core, CoreOptions } from '../../src/coreProcess/coreClient.ts';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

export function builtBundle(
  name: 'core.cjs' | 'cli.cjs' | 'extension.cjs' | 'tensorflow.cjs',
): string {
  const file = path.join(repositoryRoot, 'dist', name);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return file;
}

/** Forks the core; `disposeCores` in an `afterEach` ends it. */
export function forkRealCore(options: Partial<CoreOptions> = {}): Core {
  const core = startCore({ bundle: builtBundle('core.cjs'), ...options });
  running.push(core);
  return core;
}

const running: Core[] = [];

export async function disposeCores(): Promise<void> {
  await Promise.all(running.splice(0).map((core) => core.dispose()));
}
