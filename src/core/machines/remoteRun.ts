/** A run that trains on another machine: its events are told here once its files have come, and requests go there. */
import { say } from '../../shared/language.ts';
import type { AppError } from '../../shared/errors.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { CoreContract, RunEnd, RunId, RunInfo } from '../../shared/protocol/core.ts';
import { claimRun, releaseRun } from '../runs/activeRuns.ts';
import type { SessionHost } from '../session/session.ts';
import type { MachineLink } from '../../coreProcess/machineLink.ts';
import { Mirror, type MirrorPlace } from './mirror.ts';

type Events = CoreContract['events'];
type RunEventName = 'run/state' | 'run/steps' | 'run/epochs' | 'run/end';
type Waiting = {
  [E in RunEventName]: { readonly event: E; readonly args: Events[E] };
}[RunEventName];

const runEvents: readonly RunEventName[] = ['run/state', 'run/steps', 'run/epochs', 'run/end'];

export interface RemoteRunOptions {
  readonly link: MachineLink;
  readonly announce: SessionHost['announce'];
  readonly onEnd: () => void;
}

/**
 * Begins to listen at once: events may come before the answer that says which run it is. Each is told after the files that
 * it speaks of have come.
 */
export class RemoteRun {
  readonly link: MachineLink;
  readonly #options: RemoteRunOptions;
  readonly #unsubscribe: (() => void)[];
  readonly #waiting: Waiting[] = [];
  #place: MirrorPlace | null = null;
  #mirror: Mirror | null = null;
  #isPumping = false;
  #last = { step: 0, seconds: 0 };
  #isOver = false;

  constructor(options: RemoteRunOptions) {
    this.#options = options;
    this.link = options.link;
    const { client } = options.link;
    this.#unsubscribe = runEvents.map((event) =>
      client.on(event, (args) => {
        this.#waiting.push({ event, args } as Waiting);
        void this.#pump();
      }),
    );
    client.onClose((error) => this.#lost(error));
  }

  /** Null before it has begun. */
  get place(): MirrorPlace | null {
    return this.#place;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The run trains there: claims its folder here and brings its first files. @returns what is known of it, in terms of here */
  async begun(info: RunInfo, place: MirrorPlace): Promise<RunInfo> {
    this.#place = place;
    const mirror = new Mirror(this.link, place);
    claimRun(place.here, null);
    await mirror.followAll();
    const ours = place.paths.answer(info);
    // Events wait until whoever asked has the answer.
    setImmediate(() => {
      this.#mirror = mirror;
      void this.#pump();
    });
    return { ...ours, device: say`${ours.device} of ${place.machine}` };
  }

  /** It did not begin, or nobody wants to hear of it any more. */
  forget(): void {
    for (const end of this.#unsubscribe.splice(0)) end();
    if (this.#place !== null) releaseRun(this.#place.here);
    this.#isOver = true;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping || this.#mirror === null) return;
    this.#isPumping = true;
    while (this.#waiting.length > 0 && !this.#isOver) {
      const batch = this.#waiting.splice(0);
      const ends = batch.some(({ event }) => event === 'run/end');
      const copied = ends ? this.#mirror.followAll() : this.#mirror.followSeries();
      const problem = await copied.then(
        () => null,
        (error: unknown) => error,
      );
      // A lost connection is told by its own end; what did not come is not announced.
      if (problem === null) batch.forEach((waiting) => this.#tell(waiting));
      else if (!this.#isOver) this.#stopWith(problem);
    }
    this.#isPumping = false;
  }

  #tell({ event, args }: Waiting): void {
    if (this.#place === null || this.#isOver) return;
    // Only ends speak of files; a quick run has thousands of records a second.
    const mapped = event === 'run/end' ? this.#place.paths.answer(args) : args;
    const ours = { ...mapped, runId: this.#place.here as RunId };
    if (event === 'run/steps') this.#last = args;
    if (event === 'run/end') this.forget();
    this.#options.announce(event, ours);
    if (event === 'run/end') this.#options.onEnd();
  }

  /** The files cannot be kept here: training on for nothing would only hide that. */
  #stopWith(problem: unknown): void {
    this.#end('failed', errorMessage(problem), 'file.notWritable');
    void this.link.close();
  }

  #lost(error: AppError): void {
    if (this.#mirror !== null && !this.#isOver) this.#end('interrupted', error.message, 'ssh.lost');
    else this.forget();
  }

  #end(status: RunEnd['status'], message: string, code: 'ssh.lost' | 'file.notWritable'): void {
    const runId = this.#place!.here as RunId;
    const { step, seconds } = this.#last;
    const verdict =
      code === 'ssh.lost'
        ? say`${message} What had come by then is kept; the run can go on from its last checkpoint, here or there.`
        : message;
    this.forget();
    const end = { status, step, seconds, verdict, error: { code, message: verdict } };
    this.#options.announce('run/end', { runId, end });
    this.#options.onEnd();
  }
}
