/** The core contract served over a transport, with the backends of this build. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Transport } from '../shared/protocol/contract.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import { Server } from '../shared/protocol/server.ts';
import { createBackend, listDevices, measurements } from './backendChoice.ts';
import { gpuCandidates } from './gpuDevices.ts';
import { installCuda, removeCuda } from './cuda/install.ts';
import { createSession } from './session/createSession.ts';

type SshBundle = typeof import('../ssh/connectMachine.ts');

/** Loaded when a run trains on another machine: most never do. */
const ssh = () => createRequire(import.meta.url)('./ssh.cjs') as SshBundle;
/** What ships beside this bundle is what goes there. */
const bundleFolder = fileURLToPath(new URL('.', import.meta.url));

export interface CoreServer {
  /** Stops and keeps every run. */
  readonly stopAll: () => Promise<void>;
}

export function createServer(transport: Transport): CoreServer {
  const { handlers, stopAll } = createSession({
    createBackend,
    autoDevices: { find: () => gpuCandidates(), measurements: measurements() },
    listDevices,
    cuda: { install: installCuda, remove: removeCuda },
    connectMachine: (options) => ssh().connectMachine({ ...options, bundleFolder }),
    announce: (event, args) => server.announce(event, args),
  });
  const server = new Server<CoreContract>(transport, handlers, {
    onHandlerError(error, method) {
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      server.announce('log/line', { level: 'debug', message: `${method} failed: ${trace}` });
    },
  });
  return { stopAll };
}
