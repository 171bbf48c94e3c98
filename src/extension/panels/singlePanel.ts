/** One editor tab with a view of ours: opened when first shown, brought forward after that. */
import { env, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { Transport } from '../../shared/protocol/contract.ts';
import { viewHtml } from './viewHtml.ts';
import { onPageOpened } from './webviewTransport.ts';

export interface SinglePanelOptions {
  readonly extensionUri: Uri;
  /** Name of the bundle in dist/webviews; the panel's type is `trainbench.<view>`. */
  readonly view: string;
  /** A page opened: serve it. */
  readonly serve: (page: Transport) => void;
  /** The tab was closed. */
  readonly closed: () => void;
}

export class SinglePanel {
  readonly #options: SinglePanelOptions;
  #panel: WebviewPanel | null = null;

  constructor(options: SinglePanelOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#panel !== null;
  }

  show(title: string): void {
    if (this.#panel === null) this.#panel = this.#open(title);
    this.#panel.title = title;
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #open(title: string): WebviewPanel {
    const { extensionUri, view, serve, closed } = this.#options;
    const bundles = Uri.joinPath(extensionUri, 'dist', 'webviews');
    const panel = window.createWebviewPanel(`trainbench.${view}`, title, ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [bundles],
    });
    panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.svg');
    const pages = onPageOpened(panel.webview, serve);
    panel.onDidDispose(() => {
      pages.dispose();
      this.#panel = null;
      closed();
    });
    panel.webview.html = viewHtml(panel.webview, { bundles, view, title, language: env.language });
    return panel;
  }
}
