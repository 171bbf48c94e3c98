/**
 * One editor tab with a view of ours: opened when first shown, brought forward after that, back after a reload. It has
 * what the view shows (its state) and the connection to its page; the view has what is asked of it.
 */
import { env, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { Server } from '../../shared/protocol/server.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { ViewContract } from '../../shared/protocol/views/viewLink.ts';
import type { Disposes } from '../lifetime.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { registerRestorable } from './restorableView.ts';
import { viewHtml } from './viewHtml.ts';
import { viewType } from './viewNames.ts';
import type { ViewName } from './viewNames.ts';
import { onPageOpened } from './webviewTransport.ts';

/** What every view needs. */
export interface ViewServices {
  readonly extensionUri: Uri;
  readonly actions: ActionRunner;
}

type StateOf<C extends ViewContract> = C['events']['view/reset'];

export interface SinglePanelOptions<C extends ViewContract, Kept> extends ViewServices {
  readonly view: ViewName;
  /** Checks what the page kept for a reload: what to show again. Null closes the tab. */
  readonly parse: (kept: unknown) => Kept | null;
  /** Asks for all that the view shows of it. */
  readonly load: (what: Kept) => Promise<StateOf<C>>;
  /** Of the tab. */
  readonly title: (state: StateOf<C>) => string;
  /** Errors that they throw are shown. */
  readonly handlers: Handlers<C>;
  /** The tab was closed. */
  readonly closed?: () => void;
}

export class SinglePanel<C extends ViewContract, Kept> {
  readonly #options: SinglePanelOptions<C, Kept>;
  readonly #restorable: Disposes;
  #panel: WebviewPanel | null = null;
  #server: Server<C> | null = null;
  #state: StateOf<C> | null = null;
  /** Counts what was asked for: an answer that comes after a later question is not shown. */
  #asked = 0;

  constructor(options: SinglePanelOptions<C, Kept>) {
    this.#options = options;
    const { actions, parse, view } = options;
    const restore = (panel: WebviewPanel, kept: Kept) => this.#restore(panel, kept);
    this.#restorable = registerRestorable({ view, parse, restore }, actions);
  }

  /** What is on show; null while nothing is. */
  get state(): StateOf<C> | null {
    return this.#state;
  }

  get isVisible(): boolean {
    return this.#panel?.visible === true;
  }

  /** Tells the page, if there is one. */
  announce<E extends keyof C['events'] & string>(event: E, args: C['events'][E]): void {
    this.#server?.announce(event, args);
  }

  /** From now on this is on show. */
  replace(state: StateOf<C>): void {
    this.#state = state;
    this.announce('view/reset', state);
  }

  /** Parts of what is on show have changed. */
  change(news: C['events']['view/changed']): void {
    if (this.#state === null) return;
    this.#state = { ...this.#state, ...news };
    this.announce('view/changed', news);
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
    if (asked !== this.#asked) return null;
    this.replace(state);
    return this.#options.title(state);
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
    const { actions, extensionUri, handlers, view } = this.#options;
    const bundles = Uri.joinPath(extensionUri, 'dist', 'webviews');
    panel.webview.options = { enableScripts: true, localResourceRoots: [bundles] };
    panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.svg');
    const pages = onPageOpened(panel.webview, (page) => {
      const onHandlerError = (error: unknown, request: string) =>
        void actions.report(request, error);
      this.#server = new Server<C>(page, handlers, { onHandlerError });
    });
    panel.onDidDispose(() => {
      pages.dispose();
      this.#forget();
    });
    panel.webview.html = viewHtml(panel.webview, { bundles, view, title, language: env.language });
    return panel;
  }

  #forget(): void {
    this.#panel = null;
    this.#server = null;
    this.#state = null;
    this.#asked++;
    this.#options.closed?.();
  }
}
