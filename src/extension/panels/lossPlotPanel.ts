/** The loss plot in an editor tab: serves the run on show to whatever page is open. */
import { commands, env, l10n, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { Server } from '../../shared/protocol/server.ts';
import type { LossPlotContract, LossPlotState } from '../../shared/protocol/views/lossPlot.ts';
import type { CommandId } from '../commands/commandTable.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunController } from '../runs/runController.ts';
import type { RunChange, RunRecord, RunStore } from '../runs/runStore.ts';
import { throttle } from '../ui/throttle.ts';
import { lossPlotTexts } from './lossPlotTexts.ts';
import { viewHtml } from './viewHtml.ts';
import { viewType } from './viewNames.ts';
import { onPageOpened } from './webviewTransport.ts';

export interface LossPlotOptions {
  readonly extensionUri: Uri;
  readonly store: RunStore;
  readonly controller: RunController;
  readonly onRequestError: (error: unknown, request: string) => void;
  readonly onClosed?: () => void;
}

/** A quick run has thousands of events a second; a screen shows some sixty. */
const sendEveryMs = 30;

/** At most one panel; it follows the run on show. */
export class LossPlotPanel {
  readonly #options: LossPlotOptions;
  readonly #subscription: Disposes;
  #panel: WebviewPanel | null = null;
  #server: Server<LossPlotContract> | null = null;
  /** What the open page knows of the run. */
  #sentSteps = 0;
  #sentEpochs = 0;
  readonly #sendNews = throttle(() => this.#send(), sendEveryMs);

  constructor(options: LossPlotOptions) {
    this.#options = options;
    this.#subscription = options.store.onDidChange((change) => this.#forward(change));
  }

  /** The run's directory while the user is at this plot. */
  get activeDirectory(): string | undefined {
    return this.#panel?.active === true ? this.#options.store.run?.info?.directory : undefined;
  }

  /** Opens the panel beside the editor, or brings it forward; the keyboard focus stays where it is. */
  show(): void {
    if (this.#panel === null) this.#panel = this.#open();
    else this.#panel.reveal(undefined, true);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#sendNews.dispose();
    this.#panel?.dispose();
  }

  /** Takes over a panel that VS Code kept over a reload of the window. */
  adopt(panel: WebviewPanel): void {
    panel.webview.options = this.#webviewOptions();
    this.#panel = this.#fill(panel);
  }

  #open(): WebviewPanel {
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const options = this.#webviewOptions();
    return this.#fill(
      window.createWebviewPanel(viewType('lossPlot'), this.#title(), place, options),
    );
  }

  #webviewOptions() {
    return { enableScripts: true, localResourceRoots: [this.#bundles()] };
  }

  #bundles(): Uri {
    return Uri.joinPath(this.#options.extensionUri, 'dist', 'webviews');
  }

  #fill(panel: WebviewPanel): WebviewPanel {
    const title = this.#title();
    panel.title = title;
    const icon = Uri.joinPath(this.#options.extensionUri, 'media', 'icon.svg');
    panel.iconPath = icon;
    const pages = onPageOpened(panel.webview, (page) => {
      const options = { onHandlerError: this.#options.onRequestError };
      this.#server = new Server<LossPlotContract>(page, this.#handlers(), options);
    });
    panel.onDidDispose(() => {
      pages.dispose();
      this.#server = null;
      this.#panel = null;
      this.#options.onClosed?.();
    });
    panel.webview.html = viewHtml(panel.webview, {
      bundles: this.#bundles(),
      view: 'lossPlot',
      title,
      language: env.language,
    });
    return panel;
  }

  #handlers() {
    const { controller, store } = this.#options;
    const command = (id: CommandId) => commands.executeCommand(id, store.run?.info?.directory);
    const done = async (action: PromiseLike<unknown>) => {
      await action;
      return {};
    };
    return {
      'view/ready': () => this.#wholeState(),
      'run/pause': () => done(controller.pause()),
      'run/continue': () => done(controller.continue()),
      'run/stop': () => done(controller.stop()),
      'run/resume': () => done(command('trainbench.run.resume')),
      'run/predict': () => done(command('trainbench.run.predict')),
    };
  }

  #forward(change: RunChange): void {
    if (this.#panel === null) return;
    if (change.kind === 'run') {
      this.#panel.title = this.#title();
      this.#server?.announce('plot/reset', this.#wholeState());
    } else {
      if (change.kind === 'columns') this.#sentSteps = Math.min(this.#sentSteps, change.firstStep);
      this.#sendNews();
    }
  }

  #send(): void {
    const { run } = this.#options.store;
    if (run === null) return;
    const { state, progress } = run;
    const [firstStep, firstEpoch] = [this.#sentSteps, this.#sentEpochs];
    this.#sentSteps = run.loss.length;
    this.#sentEpochs = run.epochs.length;
    this.#server?.announce('plot/news', {
      state,
      progress,
      verdict: verdictOf(run),
      firstStep,
      loss: run.loss.copy(firstStep),
      epochRecords: run.epochs.slice(firstEpoch),
    });
  }

  #wholeState(): LossPlotState {
    const { run } = this.#options.store;
    this.#sentSteps = run?.loss.length ?? 0;
    this.#sentEpochs = run?.epochs.length ?? 0;
    return viewState(run);
  }

  #title(): string {
    const name = this.#options.store.run?.name;
    return name === undefined ? l10n.t('Loss') : l10n.t('Loss: {0}', name);
  }
}

function viewState(run: RunRecord | null): LossPlotState {
  const info = run?.info ?? null;
  return {
    title: run?.name ?? '',
    directory: info?.directory ?? null,
    state: run?.state ?? 'preparing',
    progress: run?.progress ?? null,
    epochs: info?.epochs ?? 0,
    stepsPerEpoch: info?.stepsPerEpoch ?? 0,
    device: info === null ? '' : deviceText(info),
    baseline: info?.baseline ?? null,
    loss: run?.loss.copy() ?? new Float32Array(0),
    epochRecords: run?.epochs ?? [],
    verdict: run === null ? null : verdictOf(run),
    texts: lossPlotTexts(),
  };
}

function deviceText({ device, backend }: NonNullable<RunRecord['info']>): string {
  return device.includes(backend) ? device : `${device} (${backend})`;
}

function verdictOf(run: RunRecord): string | null {
  return run.end?.error?.message ?? run.end?.verdict ?? null;
}
