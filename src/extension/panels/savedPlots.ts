/** Plots of runs on disk, one tab each; they follow the runs' records and survive a reload of the window. */
import path from 'node:path';
import type { WebviewPanel } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import type { Disposes } from '../lifetime.ts';
import { parseKeptPlot } from '../plots/keptPlot.ts';
import type { KeptPlot } from '../plots/keptPlot.ts';
import { followRuns, RunController } from '../runs/runController.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { RunStore } from '../runs/runStore.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { LossPlotPanel } from './lossPlotPanel.ts';
import type { PlotServices } from './lossPlotPanel.ts';
import { registerRestorable } from './restorableView.ts';

const lookEveryMs = 2000;

export interface SavedPlotsOptions extends PlotServices {
  readonly index: RunIndex;
  readonly actions: ActionRunner;
  /** Knows which run trains in our core. */
  readonly live: RunStore;
}

interface SavedPlot {
  /** Of the first run. */
  readonly directory: string;
  readonly store: RunStore;
  readonly panel: LossPlotPanel;
  readonly unfollow: () => void;
  /** Of the record that is drawn, to see a change. */
  drawn: string;
}

export class SavedPlots {
  readonly #options: SavedPlotsOptions;
  readonly #plots = new Set<SavedPlot>();
  readonly #subscriptions: readonly Disposes[];

  constructor(options: SavedPlotsOptions) {
    this.#options = options;
    const timer = setInterval(() => this.#lookAtActive(), lookEveryMs);
    this.#subscriptions = [
      { dispose: () => clearInterval(timer) },
      options.index.onDidChange(() => this.#follow()),
      registerRestorable(
        {
          view: 'lossPlot',
          parse: parseKeptPlot,
          restore: (panel, kept) => this.#restore(panel, kept),
        },
        options.actions,
      ),
    ];
  }

  /** Of the plot that the user is at. */
  get activeDirectory(): string | undefined {
    const plots = [...this.#plots];
    return plots.map(({ panel }) => panel.activeDirectory).find((found) => found !== undefined);
  }

  /** A run alone, or beside others. @throws AppError `run.notFound`, `run.corrupt`. */
  async open(directory: string, others: readonly string[] = []): Promise<void> {
    const wanted = { directory, others };
    const plot = this.#find(wanted) ?? (await this.#create(wanted));
    plot.panel.show();
  }

  close(directory: string): void {
    for (const plot of [...this.#plots]) {
      if (plot.directory === directory) this.#close(plot);
      else plot.panel.session.remove(directory);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const plot of [...this.#plots]) this.#close(plot);
  }

  #find({ directory, others }: KeptPlot): SavedPlot | undefined {
    return [...this.#plots].find(
      (plot) =>
        plot.directory === directory && plot.panel.session.others.join('\n') === others.join('\n'),
    );
  }

  #close(plot: SavedPlot): void {
    if (!this.#plots.delete(plot)) return;
    plot.unfollow();
    plot.panel.dispose();
  }

  async #restore(panel: WebviewPanel, kept: KeptPlot): Promise<void> {
    if (this.#find(kept) !== undefined) panel.dispose();
    else (await this.#create(kept)).panel.adopt(panel);
  }

  async #create({ directory, others }: KeptPlot): Promise<SavedPlot> {
    const { actions, client, live } = this.#options;
    const store = new RunStore();
    const unfollow = followRuns(await client(), store);
    const drawn = await this.#read(directory, store);
    const panel: LossPlotPanel = new LossPlotPanel({
      ...this.#options,
      store,
      controller: new RunController({ store, client }),
      isSteerable: () => live.isActive && live.run?.info?.directory === directory,
      onClosed: () => this.#close(plot),
    });
    const plot = { directory, store, panel, drawn, unfollow };
    this.#plots.add(plot);
    const problems = await panel.session.add(others);
    if (problems.length > 0) {
      await actions.report('run/series', new AppError('run.corrupt', problems.join('\n')));
    }
    return plot;
  }

  async #read(directory: string, store: RunStore): Promise<string> {
    const saved = await (await this.#options.client()).request('run/read', { directory });
    store.show(saved);
    return versionOf(saved);
  }

  /** Asks for news of runs that others train: files outside of the workspace are not watched. */
  #lookAtActive(): void {
    const active = [...this.#plots].filter(({ store }) => store.isActive);
    const folders = new Set(active.map(({ directory }) => path.dirname(directory)));
    if (folders.size === 0) return;
    const { actions, index } = this.#options;
    void actions.run('read runs', () => index.refresh([...folders]));
  }

  /** A run that another process trains, or that was still being closed when it was read. */
  #follow(): void {
    const { actions, index, live } = this.#options;
    for (const plot of this.#plots) {
      const { directory, store } = plot;
      const entry = index.find(directory);
      if (entry === undefined || versionOf(entry) === plot.drawn) continue;
      plot.drawn = versionOf(entry);
      // Of ours we hear more, and sooner.
      if (live.isActive && live.run?.info?.directory === directory) continue;
      void actions.run('read the run', () => this.#read(directory, store));
    }
  }
}

function versionOf({
  state,
  epochsDone,
  seconds,
}: {
  readonly state: string;
  readonly epochsDone: number;
  readonly seconds: number;
}): string {
  return `${state} ${epochsDone} ${seconds}`;
}
