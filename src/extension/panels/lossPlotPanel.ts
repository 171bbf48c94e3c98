/** The loss plot in an editor tab: serves its session to whatever page is open. */
import { env, l10n, TabInputWebview, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { PlotData } from '../../plotData/plotData.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import { Server } from '../../shared/protocol/server.ts';
import type { LossPlotContract, LossPlotState } from '../../shared/protocol/views/lossPlot.ts';
import { PlotSession } from '../plots/plotSession.ts';
import type { RunController } from '../runs/runController.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { RunPicker } from '../explorer/pickRuns.ts';
import { throttle } from '../ui/throttle.ts';
import { lossPlotTexts } from './lossPlotTexts.ts';
import { plotHandlers } from './plotHandlers.ts';
import { viewHtml } from './viewHtml.ts';
import { viewType } from './viewNames.ts';
import { onPageOpened } from './webviewTransport.ts';

/** What all plots share. */
export interface PlotServices {
  readonly extensionUri: Uri;
  readonly data: PlotData;
  readonly client: () => Promise<Client<CoreContract>>;
  readonly pickRuns: RunPicker;
  readonly onRequestError: (error: unknown, request: string) => void;
}

export interface LossPlotOptions extends PlotServices {
  readonly store: RunStore;
  readonly controller: RunController;
  readonly isSteerable: () => boolean;
  readonly onClosed?: () => void;
}

/** A quick run has thousands of events a second; a screen shows some sixty. */
const sendEveryMs = 30;
/** Of runs that another process trains we hear nothing. */
const lookEveryMs = 1000;

/** At most one panel; it follows the run on show. */
export class LossPlotPanel {
  readonly session: PlotSession;
  readonly #options: LossPlotOptions;
  #panel: WebviewPanel | null = null;
  #server: Server<LossPlotContract> | null = null;
  #looking: NodeJS.Timeout | null = null;
  readonly #sendNews = throttle(() => this.#send(), sendEveryMs);

  constructor(options: LossPlotOptions) {
    this.#options = options;
    this.session = new PlotSession({ ...options, changed: (what) => this.#forward(what) });
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
    this.session.dispose();
    this.#sendNews.dispose();
    this.#panel?.dispose();
  }

  /** Takes over a panel that VS Code kept over a reload of the window. */
  adopt(panel: WebviewPanel): void {
    panel.webview.options = this.#webviewOptions();
    this.#panel = this.#fill(panel);
  }

  #open(): WebviewPanel {
    const { activeTab } = window.tabGroups.activeTabGroup;
    // Beside a text; a second plot lies over the first rather than in a third column.
    const atView = activeTab?.input instanceof TabInputWebview;
    const viewColumn = atView ? ViewColumn.Active : ViewColumn.Beside;
    const place = { viewColumn, preserveFocus: true };
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
    panel.iconPath = Uri.joinPath(this.#options.extensionUri, 'media', 'icon.svg');
    const pages = onPageOpened(panel.webview, (page) => {
      const handlers = plotHandlers({ ...this.#options, session: this.session }, () =>
        this.#state(),
      );
      const options = { onHandlerError: this.#options.onRequestError };
      this.#server = new Server<LossPlotContract>(page, handlers, options);
    });
    this.#looking = setInterval(() => this.#lookAgain(), lookEveryMs);
    panel.onDidDispose(() => {
      pages.dispose();
      if (this.#looking !== null) clearInterval(this.#looking);
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

  #forward(what: 'runs' | 'points'): void {
    if (this.#panel === null) return;
    if (what === 'points') {
      this.#sendNews();
      return;
    }
    this.#panel.title = this.#title();
    if (this.#panel.visible) this.#server?.announce('view/reset', this.#state());
  }

  /** A page that is hidden is gone: it asks for everything when it shows again. */
  #send(): void {
    if (this.#panel?.visible === true) {
      this.#server?.announce('plot/changed', this.session.status);
    }
  }

  #lookAgain(): void {
    if (this.#panel?.visible !== true || !this.session.growsElsewhere) return;
    this.session.readAgain().then(
      () => this.session.grown(),
      (error: unknown) => this.#options.onRequestError(error, 'run/series'),
    );
  }

  #state(): LossPlotState {
    const { named, charts, scheduled, status } = this.session;
    const title = this.#name() ?? '';
    return { title, runs: named, charts, scheduled, status, texts: lossPlotTexts() };
  }

  #title(): string {
    const name = this.#name();
    return name === null ? l10n.t('Loss') : l10n.t('Loss: {0}', name);
  }

  #name(): string | null {
    const { run } = this.#options.store;
    const others = this.session.others.length;
    if (run === null) return null;
    return others === 0 ? run.name : l10n.t('{0} and {1} more', run.name, others);
  }
}
