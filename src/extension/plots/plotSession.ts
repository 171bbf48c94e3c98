/**
 * One plot: its runs, of which the first is that of a store and may be training, and what its view asks of
 * them. State with events, no UI and no `vscode`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, PlottedRun } from '../../shared/protocol/core.ts';
import type {
  ChartDrawing,
  Crosshair,
  DrawWish,
  LossPlotContract,
  PlotStatus,
  RunOfPlot,
} from '../../shared/protocol/views/lossPlot.ts';
import type { PlotData } from '../../plotData/plotData.ts';
import { activeStates } from '../runs/runStore.ts';
import type { RunChange, RunStore } from '../runs/runStore.ts';
import { ChartDrawer } from './chartDrawer.ts';
import type { RunLines } from './chartLines.ts';
import { chartsOf, isScheduled } from './chartLines.ts';
import { crosshairAt } from './crosshair.ts';
import { epochTable } from './epochTable.ts';
import type { EpochTable } from './epochTable.ts';
import { FreshPoints } from './freshPoints.ts';
import { PaceMeter } from './pace.ts';
import { plotStatus } from './plotStatus.ts';
import { runNames } from './runNames.ts';

export interface PlotSessionOptions {
  readonly store: RunStore;
  readonly data: PlotData;
  readonly client: () => Promise<Client<CoreContract>>;
  /** Whether the first run trains in our core. */
  readonly isSteerable: () => boolean;
  /** `runs`: other runs, or more known of them; `points`: there are more, or another state. */
  readonly changed: (what: 'runs' | 'points') => void;
}

/** VS Code hands messages to the connection by a timer. */
const answerLeavesMs = 1;

type ValuesWish = LossPlotContract['requests']['plot/values']['args'];

export class PlotSession {
  readonly #options: PlotSessionOptions;
  readonly #points: FreshPoints;
  readonly #drawer = new ChartDrawer();
  readonly #pace = new PaceMeter();
  readonly #subscription: { dispose(): void };
  #others: readonly PlottedRun[] = [];
  #drawing: Promise<unknown> = Promise.resolve();

  constructor(options: PlotSessionOptions) {
    this.#options = options;
    this.#points = new FreshPoints(options.data);
    this.#subscription = options.store.onDidChange((change) => this.#follow(change));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  get runs(): readonly RunLines[] {
    const { run } = this.#options.store;
    if (run?.info == null) return this.#others;
    const { info, name, state } = run;
    const others = this.#others.filter(({ directory }) => directory !== info.directory);
    return [{ ...info, name, state }, ...others];
  }

  /** Directories of the runs beside the first. */
  get others(): readonly string[] {
    return this.#others.map(({ directory }) => directory);
  }

  get named(): readonly RunOfPlot[] {
    const { runs } = this;
    const names = runNames(runs);
    return runs.map(({ directory }, i) => ({ directory, name: names[i]! }));
  }

  get charts(): readonly string[] {
    return chartsOf(this.runs);
  }

  /** Whether any run has learning rates that change with its steps. */
  get scheduled(): boolean {
    return this.runs.some(isScheduled);
  }

  get status(): PlotStatus {
    const { run } = this.#options.store;
    const { stepsPerEpoch = 0, epochs = 0, trainingRows = null } = run?.info ?? {};
    const pace = this.#pace.pace({ stepsPerEpoch, epochs, trainingRows });
    return plotStatus(run, { pace, steerable: this.#options.isSteerable() });
  }

  /** Whether a run of the plot may grow without a word from our core. */
  get growsElsewhere(): boolean {
    const first = this.#options.store.isActive && !this.#options.isSteerable();
    const isActive = ({ state }: PlottedRun) => activeStates.some((active) => active === state);
    return first || this.#others.some(isActive);
  }

  /** @returns what is wrong with those that cannot be read. */
  async add(directories: readonly string[]): Promise<readonly string[]> {
    const known = new Set(this.runs.map(({ directory }) => directory));
    const added = directories.filter((directory) => !known.has(directory));
    const { runs, problems } = await this.#read(added);
    this.#others = [...this.#others, ...runs];
    this.#replaced();
    return problems;
  }

  remove(directory: string): void {
    this.#others = this.#others.filter((run) => run.directory !== directory);
    // The files of the others are as they were.
    this.#points.grown([]);
    this.#options.changed('runs');
  }

  /** Looks at all runs again: their states, and whether their files have grown. */
  async readAgain(): Promise<void> {
    const { runs } = await this.#read(this.others);
    const isNews = JSON.stringify(runs) !== JSON.stringify(this.#others);
    this.#others = runs;
    if (isNews) this.#replaced();
  }

  /** Files may have grown: the view asks again. */
  grown(): void {
    this.#points.grown(this.#files());
    this.#options.changed('points');
  }

  /** One chart after the other: the first is then there in half the time that two take side by side. */
  draw(wish: DrawWish): Promise<ChartDrawing | null> {
    const drawn = this.#drawing.then(() => this.#draw(wish));
    // The page hears of what goes wrong. Its answer leaves before the next chart is begun, not after.
    this.#drawing = drawn.catch(() => undefined).then(() => sleep(answerLeavesMs));
    return drawn;
  }

  async #draw(wish: DrawWish): Promise<ChartDrawing | null> {
    const version = await this.#points.lookAgain();
    return this.#drawer.draw(wish, { data: this.#options.data, runs: this.runs, version });
  }

  /** Behind the charts asked for: a picture that moved is waited for more than its numbers. */
  async values(wish: ValuesWish): Promise<Crosshair> {
    await this.#drawing;
    return crosshairAt(wish, this.#options.data, this.runs);
  }

  /** As the runs' records on disk are now. */
  async table(): Promise<EpochTable> {
    const client = await this.#options.client();
    const read = async ({ directory, name }: RunOfPlot) => {
      const { epochRecords } = await client.request('run/read', { directory });
      return { name, records: epochRecords };
    };
    return epochTable(await Promise.all(this.named.map(read)));
  }

  async #read(directories: readonly string[]) {
    if (directories.length === 0) return { runs: [], problems: [] };
    const client = await this.#options.client();
    const { runs } = await client.request('run/series', { directories });
    return {
      runs: runs.flatMap((run) => ('problem' in run ? [] : [run])),
      problems: runs.flatMap((run) => ('problem' in run ? [run.problem] : [])),
    };
  }

  #follow(change: RunChange): void {
    const { run } = this.#options.store;
    if (change.kind === 'run') {
      this.#pace.clear();
      this.#replaced();
      return;
    }
    if (change.kind === 'steps' && run !== null) {
      this.#pace.add({ step: run.steps, seconds: change.seconds });
    }
    this.#points.grown(run?.info?.series.map(({ file }) => file) ?? []);
    this.#options.changed('points');
  }

  #replaced(): void {
    this.#points.grown(this.#files());
    this.#options.changed('runs');
  }

  #files(): readonly string[] {
    return this.runs.flatMap(({ series }) => series.map(({ file }) => file));
  }
}
