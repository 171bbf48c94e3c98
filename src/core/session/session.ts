/** What every area of the session works with, and how areas become the handlers of the core contract. */
import type { CancelSignal } from '../../shared/protocol/cancel.ts';
import type { CoreContract, DeviceInfo } from '../../shared/protocol/core.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { ConnectMachine } from '../../coreProcess/machineLink.ts';
import type { BackendFactory, DeviceCandidates } from '../train/trainingRun.ts';

export type CoreHandlers = Handlers<CoreContract>;

/** The handlers of one area: those whose method begins with the area's noun. */
export type Area<Noun extends string> = Pick<
  CoreHandlers,
  Extract<keyof CoreHandlers, `${Noun}/${string}`>
>;

/** TensorFlow for device `cuda`, which is installed on request. */
export interface CudaSetup {
  readonly install: (options: {
    readonly kind: 'gpu' | 'cpu';
    readonly signal: AbortSignal;
    readonly onProgress: (message: string) => void;
  }) => Promise<void>;
  /** @returns whether there was something */
  readonly remove: () => Promise<boolean>;
}

/** What the process gives the session. */
export interface SessionHost {
  readonly createBackend: BackendFactory;
  readonly autoDevices?: DeviceCandidates;
  readonly listDevices: () => Promise<readonly DeviceInfo[]>;
  readonly cuda: CudaSetup;
  /** Absent where runs train on this machine alone. */
  readonly connectMachine?: ConnectMachine;
  readonly announce: <E extends keyof CoreContract['events']>(
    event: E,
    args: CoreContract['events'][E],
  ) => void;
}

/** A cancelled request as what `fetch` and the file system understand. */
export function toAbortSignal(cancel: CancelSignal): AbortSignal {
  const controller = new AbortController();
  if (cancel.aborted) controller.abort();
  cancel.addEventListener('abort', () => controller.abort());
  return controller.signal;
}
