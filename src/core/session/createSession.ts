/** All areas together: the handlers of the core contract. */
import { configHandlers } from './configs.ts';
import { dataHandlers } from './data.ts';
import { deviceHandlers } from './devices.ts';
import { explainHandlers } from './explain.ts';
import { fileStoreHandlers } from '../machines/fileStore.ts';
import { MachineRuns } from '../machines/machineRuns.ts';
import { createLiveRuns } from './liveRuns.ts';
import { profileHandlers } from './profile.ts';
import { savedRunHandlers } from './savedRuns.ts';
import type { CoreHandlers, SessionHost } from './session.ts';
import { weightsHandlers } from './weights.ts';

export interface Session {
  readonly handlers: CoreHandlers;
  /** Stops and keeps every run. */
  readonly stopAll: () => Promise<void>;
}

export function createSession(host: SessionHost): Session {
  const live = createLiveRuns(host);
  const machines = new MachineRuns(host);
  const handlers = machines.over({
    ...fileStoreHandlers(process.env['TRAINBENCH_FILES']),
    ...machines.links.handlers,
    ...deviceHandlers(host),
    ...configHandlers(host),
    ...dataHandlers(host),
    ...savedRunHandlers(host),
    ...live.handlers,
    ...weightsHandlers(live.find),
    ...explainHandlers(host, live.training),
    ...profileHandlers(host, live.isTraining),
  });
  const stopAll = async () => {
    await Promise.all([live.stopAll(), machines.links.closeAll()]);
  };
  return { handlers, stopAll };
}
