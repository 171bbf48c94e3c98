/** Plots of runs on disk, one tab a run; each follows its run's record and survives a reload of the window. */
import path from 'node:path';
import type { Uri, WebviewPanel } from 'vscode';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { Disposes } from '../lifetime.ts';
import { RunController } from '../runs/runController.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { RunStore } from '../runs/runStore.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { parseKeptRun } from './keptRun.ts';
import { LossPlotPanel } from './lossPlotPanel.ts';
import { registerRestorable } from './restorableView.ts';

const lookEveryMs = 2000;

export interface SavedPlotsOptions {
  readonly extensionUri: Uri;
  readonly index: RunIndex;
  readonly actions: ActionRunner;
  readonly client: () => Promise<Client<CoreContract>>;
}

interface SavedPlot {
  readonly store: RunStore;
  readonly panel: LossPlotPanel;
  /** Of the record that is drawn, to see a change. */
  drawn: string;
}

export class SavedPlots {
  readonly #options: SavedPlotsOptions;
  readonly #plots = new Map<string, SavedPlot>();
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
          parse: parseKeptRun,
          restore: (panel, { directory }) => this.#restore(panel, directory),
        },
        options.actions,
      ),
    ];
  }

  /** Of the plot that the user is at. */
  get activeDirectory(): string | undefined {
    const plots = [...this.#plots.values()];
    return plots.map(({ panel }) => panel.activeDirectory).find((found) => found !== undefined);
  }

  /** @throws AppError `run.notFound`, `run.corrupt`. */
  async open(directory: string): Promise<void> {
    const plot = this.#plots.get(directory) ?? (await this.#create(directory));
    plot.panel.show();
  }

  close(directory: string): void {
    this.#plots.get(directory)?.panel.dispose();
    this.#plots.delete(directory);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const directory of [...this.#plots.keys()]) this.close(directory);
  }

  async #restore(panel: WebviewPanel, directory: string): Promise<void> {
    if (this.#plots.has(directory)) panel.dispose();
    else (await this.#create(directory)).panel.adopt(panel);
  }

  async #create(directory: string): Promise<SavedPlot> {
    const { actions, client, extensionUri } = this.#options;
    const store = new RunStore();
    const drawn = await this.#read(directory, store);
    const panel = new LossPlotPanel({
      extensionUri,
      store,
      controller: new RunController({ store, client }),
      onRequestError: (error, request) => void actions.report(request, error),
      onClosed: () => this.close(directory),
    });
    const plot = { store, panel, drawn };
    this.#plots.set(directory, plot);
    return plot;
  }

  async #read(directory: string, store: RunStore): Promise<string> {
    const saved = await (await this.#options.client()).request('run/read', { directory });
    store.show(saved);
    return versionOf(saved);
  }

  /** Asks for news of runs that others train: files outside of the workspace are not watched. */
  #lookAtActive(): void {
    const active = [...this.#plots].filter(([, { store }]) => store.isActive);
    const folders = new Set(active.map(([directory]) => path.dirname(directory)));
    if (folders.size === 0) return;
    const { actions, index } = this.#options;
    void actions.run('read runs', () => index.refresh([...folders]));
  }

  /** A run that another process trains, or that was still being closed when it was read. */
  #follow(): void {
    const { actions, index } = this.#options;
    for (const [directory, plot] of this.#plots) {
      const entry = index.find(directory);
      if (entry === undefined || versionOf(entry) === plot.drawn) continue;
      plot.drawn = versionOf(entry);
      void actions.run('read the run', () => this.#read(directory, plot.store));
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
