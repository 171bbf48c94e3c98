/** The runs that train in this process, and for a while those that have ended: their requests and events. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { CancelSignal } from '../../shared/protocol/cancel.ts';
import type { RunId, RunInfo } from '../../shared/protocol/core.ts';
import { resumeRun, startRun } from '../train/run.ts';
import type { TrainingEvent, TrainingRun } from '../train/trainingRun.ts';
import { toAbortSignal } from './session.ts';
import type { Area, SessionHost } from './session.ts';

/** Ended runs whose weights can still be asked for; older ones are on disk only. */
const keptAfterEnd = 4;

export interface LiveRuns {
  readonly handlers: Pick<
    Area<'run'>,
    'run/start' | 'run/resume' | 'run/pause' | 'run/continue' | 'run/step' | 'run/stop'
  >;
  /** @throws AppError `run.notFound` */
  readonly find: (runId: RunId) => TrainingRun;
  /** The run of a folder while it trains here. */
  readonly training: (directory: string) => TrainingRun | null;
  /** Whether any run is at work; not while it is paused. */
  readonly isTraining: () => boolean;
  /** Stops and keeps every run: for when the process has to go. */
  readonly stopAll: () => Promise<void>;
}

export function createLiveRuns(host: SessionHost): LiveRuns {
  const runs = new Map<RunId, TrainingRun>();
  const ended: RunId[] = [];

  /** Must be called in the turn in which the run resolved: see TrainingRun.onEvent. */
  function adopt(run: TrainingRun): RunInfo {
    const { runId } = run.info;
    runs.set(runId, run);
    run.onEvent((event) => announceEvent(host, runId, event));
    void run.done.then((end) => {
      host.announce('run/end', { runId, end });
      ended.push(runId);
      if (ended.length > keptAfterEnd) runs.delete(ended.shift()!);
    });
    return run.info;
  }

  /** A request that was cancelled while its run began leaves no run behind that nobody knows of. */
  async function begin(starting: Promise<TrainingRun>, cancel: CancelSignal): Promise<RunInfo> {
    const run = await starting;
    const info = adopt(run);
    if (!cancel.aborted) return info;
    await run.stop();
    throw new AppError('protocol.cancelled', say('cancelled while the run began'));
  }

  function find(runId: RunId): TrainingRun {
    const run = runs.get(runId);
    if (run !== undefined) return run;
    throw new AppError('run.notFound', say`there is no run ${runId} in this process`);
  }

  const environment = (file: string, cancel: CancelSignal) => ({
    createBackend: host.createBackend,
    autoDevices: host.autoDevices,
    onProgress: (progress: { message: string; fraction: number | null }) =>
      host.announce('run/preparing', { ...progress, file }),
    signal: toAbortSignal(cancel),
  });

  return {
    handlers: {
      'run/start': (args, cancel) =>
        begin(startRun({ ...environment(args.file, cancel), ...args }), cancel),
      'run/resume': (args, cancel) =>
        begin(resumeRun({ ...environment(args.directory, cancel), ...args }), cancel),
      'run/pause': async ({ runId }) => ({ step: await find(runId).pause() }),
      'run/continue': async ({ runId }) => ({ step: await find(runId).continue() }),
      'run/step': async ({ runId }) => ({ step: await find(runId).takeStep() }),
      'run/stop': ({ runId }) => find(runId).stop(),
    },
    find,
    training: (directory) =>
      [...runs].find(
        ([id, { info }]) => !ended.includes(id) && info.directory === directory,
      )?.[1] ?? null,
    isTraining: () => [...runs.values()].some(({ state }) => state === 'running'),
    async stopAll() {
      await Promise.all([...runs.values()].map((run) => run.interrupt()));
    },
  };
}

function announceEvent({ announce }: SessionHost, runId: RunId, event: TrainingEvent): void {
  switch (event.kind) {
    case 'state':
      announce('run/state', { runId, state: event.state, step: event.step });
      break;
    case 'steps': {
      const { kind, ...steps } = event;
      announce(`run/${kind}`, { runId, ...steps });
      break;
    }
    case 'epochs':
      announce('run/epochs', { runId, records: event.records });
      break;
    case 'log':
      announce('log/line', { level: event.level, message: event.message });
      break;
    default:
      event satisfies never;
  }
}
