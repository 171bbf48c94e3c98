/** The core's session with tiny projects, without a process of its own: new before each test, gone after it. */
import { createSession, type Session } from '../../src/core/session/createSession.ts';
import { createCancelSource } from '../../src/shared/protocol/cancel.ts';
import type { RunInfo } from '../../src/shared/protocol/core.ts';
import { createTinyProject, type TinyOptions, type TinyProject } from './tinyProject.ts';
import { trainingBackends } from './trainRun.ts';

export interface LiveSession {
  readonly handlers: Session['handlers'];
  /** Of the run that was started last. */
  readonly project: TinyProject;
  /** Names of the events announced so far. */
  readonly announced: readonly string[];
  /** Never aborts. */
  readonly signal: ReturnType<typeof createCancelSource>['signal'];
  readonly startPaused: (options?: TinyOptions) => Promise<RunInfo>;
  readonly trainToEnd: (run: RunInfo) => Promise<void>;
}

/** Call it in a `describe`. */
export function useSession(): LiveSession {
  let session: Session;
  let projects: TinyProject[] = [];
  let announced: string[] = [];
  let endOfRun: (() => void) | null = null;
  const { signal } = createCancelSource();

  beforeEach(() => {
    projects = [];
    announced = [];
    session = createSession({
      createBackend: trainingBackends.wasm,
      listDevices: () => Promise.resolve([]),
      cuda: { install: () => Promise.resolve(), remove: () => Promise.resolve(false) },
      announce(event) {
        announced.push(event);
        if (event === 'run/end') endOfRun?.();
      },
    });
  });
  afterEach(async () => {
    await session.stopAll();
    for (const project of projects) project.remove();
  });

  return {
    signal,
    get handlers() {
      return session.handlers;
    },
    get project() {
      return projects.at(-1)!;
    },
    get announced() {
      return announced;
    },
    async startPaused(options = {}) {
      const project = createTinyProject(options);
      projects.push(project);
      const args = { file: project.config, overrides: {}, startPaused: true };
      return session.handlers['run/start'](args, signal);
    },
    async trainToEnd({ runId }) {
      const ended = new Promise<void>((resolve) => (endOfRun = resolve));
      await session.handlers['run/continue']({ runId }, signal);
      await ended;
    },
  };
}
