/**
 * What the extension knows of the run on show: state with events, no UI and no `vscode`.
 * The core's events feed it; status bar, plot and context keys read it.
 */
import type {
  CoreContract,
  EpochRecord,
  RunEnd,
  RunId,
  RunInfo,
  RunState,
  SavedRun,
} from '../../shared/protocol/core.ts';
import type { PreparingProgress } from '../../shared/protocol/views/lossPlot.ts';

/** Of RunInfo what is also known of a run on disk. */
export type RunFacts = Pick<
  RunInfo,
  | 'directory'
  | 'epochs'
  | 'stepsPerEpoch'
  | 'backend'
  | 'device'
  | 'baseline'
  | 'series'
  | 'seenRows'
> &
  Partial<Pick<RunInfo, 'choice' | 'trainingRows' | 'validationRows'>>;

export interface RunRecord {
  /** The config's path. */
  readonly file: string;
  readonly name: string;
  readonly state: RunState;
  /** Null until the core has prepared model and data. */
  readonly info: RunFacts | null;
  readonly runId: RunId | null;
  readonly progress: PreparingProgress | null;
  /** Steps done. */
  readonly steps: number;
  /** Of the newest step that was reported; null before the first. */
  readonly lastLoss: number | null;
  readonly epochs: readonly EpochRecord[];
  readonly end: RunEnd | null;
}

export type RunChange =
  /** `prepared` when the core has just begun it. */
  | { readonly kind: 'run'; readonly prepared: RunInfo | null }
  | { readonly kind: 'state' }
  /** `seconds` of training by the newest step. */
  | { readonly kind: 'steps'; readonly seconds: number }
  | { readonly kind: 'epochs'; readonly records: readonly EpochRecord[] };

type Listener = (change: RunChange, run: RunRecord) => void;
type CoreEvents = CoreContract['events'];

export const activeStates: readonly RunState[] = ['preparing', 'running', 'paused'];

export class RunStore {
  #run: RunRecord | null = null;
  /** Those of the run on show, which only sees them grow: a quick run has thousands a second. */
  #epochs: EpochRecord[] = [];
  /** Runs of before; late events of theirs must not reach the one on show. */
  readonly #past = new Set<RunId>();
  readonly #listeners = new Set<Listener>();

  get run(): RunRecord | null {
    return this.#run;
  }

  get isActive(): boolean {
    return this.#run !== null && activeStates.includes(this.#run.state);
  }

  /** Whether this very run is the one that trains, or is about to. */
  isTraining(directory: string): boolean {
    return this.isActive && this.#run?.info?.directory === directory;
  }

  /** For tests: who does not let go shows here. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  onDidChange(listener: Listener): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** A new run comes on show, before the core has said anything of it. */
  begin(file: string, name: string): void {
    this.#replace(file, name, { epochs: [], steps: 0 });
  }

  /** A run on disk comes on show to go on from its last checkpoint. */
  beginAgain(saved: SavedRun): void {
    this.#replace(saved.configFile, saved.name, {
      epochs: saved.epochRecords.filter(({ step }) => step <= saved.checkpointStep),
      steps: saved.checkpointStep,
    });
    // It keeps the id it had, its folder, and its first events may come before the core's answer.
    this.#past.delete(saved.directory as RunId);
  }

  /** A run on disk comes on show as it is. */
  show(saved: SavedRun): void {
    const { configFile, name, directory, step, epochRecords } = saved;
    this.#replace(configFile, name, { epochs: [...epochRecords], steps: step });
    // The core names its runs by their folders.
    const runId = directory as RunId;
    const { state, lastLoss, score } = saved;
    const info = score === null ? saved : { ...saved, validationRows: score.rows };
    const known = { info, runId, state, lastLoss, end: endOf(saved) };
    this.#set(known, { kind: 'run', prepared: null });
  }

  #replace(file: string, name: string, grown: { epochs: EpochRecord[]; steps: number }): void {
    if (this.#run?.runId != null) this.#past.add(this.#run.runId);
    const none = { lastLoss: null, info: null, runId: null, progress: null, end: null };
    this.#epochs = grown.epochs;
    this.#run = { file, name, state: 'preparing', ...grown, ...none };
    this.#tell({ kind: 'run', prepared: null });
  }

  /** Model and data are ready. Events of the run may have come before this answer. */
  prepared(info: RunInfo): void {
    const run = this.#run;
    if (run === null || (run.runId !== null && run.runId !== info.runId)) return;
    const state = run.state === 'preparing' ? 'running' : run.state;
    const known = { info, runId: info.runId, name: info.name, state, progress: null };
    this.#set(known, { kind: 'run', prepared: info });
  }

  /** The run did not start. */
  failed(message: string): void {
    this.#ended('failed', message);
  }

  /** The core is gone: a run that had begun can go on from its last checkpoint. @returns whether there was one. */
  lost(message: string): boolean {
    const begun = this.isActive && this.#run?.info != null;
    this.#ended(begun ? 'interrupted' : 'failed', message);
    return begun;
  }

  #ended(status: 'failed' | 'interrupted', verdict: string): void {
    if (!this.isActive) return;
    const end = { status, step: this.#run?.steps ?? 0, seconds: 0, verdict };
    this.#set({ state: status, progress: null, end }, { kind: 'state' });
  }

  /** The user gave up while the run prepared; nothing is left of it. */
  cancelled(): void {
    if (this.isActive) this.#set({ state: 'stopped', progress: null }, { kind: 'state' });
  }

  onProgress({ message, fraction }: CoreEvents['run/preparing']): void {
    if (this.#run?.state !== 'preparing') return;
    this.#set({ progress: { message, fraction } }, { kind: 'state' });
  }

  onState({ runId, state }: CoreEvents['run/state']): void {
    if (this.#isOurs(runId)) this.#set({ state, runId }, { kind: 'state' });
  }

  onSteps({ runId, step, loss, seconds }: CoreEvents['run/steps']): void {
    if (!this.#isOurs(runId)) return;
    this.#set({ runId, steps: step, lastLoss: loss }, { kind: 'steps', seconds });
  }

  onEpochs({ runId, records }: CoreEvents['run/epochs']): void {
    if (!this.#isOurs(runId)) return;
    this.#epochs.push(...records);
    this.#set({ runId }, { kind: 'epochs', records });
  }

  onEnd({ runId, end }: CoreEvents['run/end']): void {
    if (this.#isOurs(runId)) this.#set({ runId, state: end.status, end }, { kind: 'state' });
  }

  #isOurs(runId: RunId): boolean {
    if (this.#run === null || this.#past.has(runId)) return false;
    return this.#run.runId === null ? this.#run.state === 'preparing' : this.#run.runId === runId;
  }

  #set(change: Partial<RunRecord>, what: RunChange): void {
    if (this.#run === null) return;
    this.#run = { ...this.#run, ...change };
    this.#tell(what);
  }

  #tell(change: RunChange): void {
    if (this.#run === null) return;
    for (const listener of [...this.#listeners]) listener(change, this.#run);
  }
}

function endOf({ state, step, seconds, verdict }: SavedRun): RunEnd | null {
  if (state === 'preparing' || state === 'running' || state === 'paused') return null;
  return { status: state, step, seconds, verdict };
}
