/** One editor tab with a view of ours: opened when first shown, brought forward after that, back after a reload. */
import { env, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { Transport } from '../../shared/protocol/contract.ts';
import type { Disposes } from '../lifetime.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { registerRestorable } from './restorableView.ts';
import { viewHtml } from './viewHtml.ts';
import { viewType } from './viewNames.ts';
import type { ViewName } from './viewNames.ts';
import { onPageOpened } from './webviewTransport.ts';

export interface SinglePanelOptions<Kept, State> {
  readonly extensionUri: Uri;
  readonly actions: ActionRunner;
  readonly view: ViewName;
  /** Checks what the page kept for a reload: what to show again. Null closes the tab. */
  readonly parse: (kept: unknown) => Kept | null;
  /** Asks for all that the view shows of it. */
  readonly load: (what: Kept) => Promise<State>;
  /** From now on this is on show: tells the page, if there is one. @returns the title of the tab. */
  readonly present: (state: State) => string;
  /** A page opened: serve it. */
  readonly serve: (page: Transport) => void;
  /** The tab was closed. */
  readonly closed: () => void;
}

export class SinglePanel<Kept, State> {
  readonly #options: SinglePanelOptions<Kept, State>;
  readonly #restorable: Disposes;
  #panel: WebviewPanel | null = null;
  /** Counts what was asked for: an answer that comes after a later question is not shown. */
  #asked = 0;

  constructor(options: SinglePanelOptions<Kept, State>) {
    this.#options = options;
    const { actions, parse, view } = options;
    const restore = (panel: WebviewPanel, kept: Kept) => this.#restore(panel, kept);
    this.#restorable = registerRestorable({ view, parse, restore }, actions);
  }

  get isOpen(): boolean {
    return this.#panel !== null;
  }

  get isVisible(): boolean {
    return this.#panel?.visible === true;
  }

  /** Loads first, so that nothing opens where there is nothing to show. @throws what `load` throws. */
  async show(what: Kept): Promise<void> {
    const title = await this.#load(what);
    if (title === null) return;
    if (this.#panel === null) this.#panel = this.#open(title);
    this.#panel.title = title;
    this.#panel.reveal();
  }

  dispose(): void {
    this.#restorable.dispose();
    this.#panel?.dispose();
  }

  /** @returns the title; null where something else was asked for meanwhile. */
  async #load(what: Kept): Promise<string | null> {
    const asked = ++this.#asked;
    const state = await this.#options.load(what);
    return asked === this.#asked ? this.#options.present(state) : null;
  }

  async #restore(panel: WebviewPanel, kept: Kept): Promise<void> {
    if (this.#panel !== null) {
      panel.dispose(); // the user was quicker
      return;
    }
    this.#panel = this.#fill(panel, panel.title);
    const title = await this.#load(kept);
    if (title !== null && this.#panel === panel) panel.title = title;
  }

  #open(title: string): WebviewPanel {
    const type = viewType(this.#options.view);
    return this.#fill(window.createWebviewPanel(type, title, ViewColumn.Active), title);
  }

  #fill(panel: WebviewPanel, title: string): WebviewPanel {
    const { extensionUri, view, serve, closed } = this.#options;
    const bundles = Uri.joinPath(extensionUri, 'dist', 'webviews');
    panel.webview.options = { enableScripts: true, localResourceRoots: [bundles] };
    panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.svg');
    const pages = onPageOpened(panel.webview, serve);
    panel.onDidDispose(() => {
      pages.dispose();
      this.#panel = null;
      this.#asked++;
      closed();
    });
    panel.webview.html = viewHtml(panel.webview, { bundles, view, title, language: env.language });
    return panel;
  }
}
