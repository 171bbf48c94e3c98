/** The core contract served over a transport, with the backends of this build. */
import type { Transport } from '../shared/protocol/contract.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import { Server } from '../shared/protocol/server.ts';
import { createBackend, listDevices, measurements } from './backendChoice.ts';
import { gpuCandidates } from './gpuDevices.ts';
import { installCuda, removeCuda } from './cuda/install.ts';
import { createSession } from './session/createSession.ts';

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
