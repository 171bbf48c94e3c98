/**
 * Views that come back after a reload of the window. VS Code keeps a tab and what its page last gave to
 * `keepForReload` (webviews/kit/transport.ts); when the tab shows again, both go to whom its view registered here.
 *
 * A new view: its name in viewNames.ts, `onWebviewPanel:trainbench.<name>` in package.json (a test compares them), a
 * page that calls `keepForReload` whenever something changes that should come back, a contract made of `ViewRequests` and
 * `ViewEvents`, and a `SinglePanel` (of a run: with `followRun`), or a registration of its own here where it may have
 * several tabs.
 */
import { l10n, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { errorMessage } from '../../shared/errors.ts';
import type { Disposes } from '../lifetime.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { noticeHtml } from './viewHtml.ts';
import { viewType } from './viewNames.ts';
import type { ViewName } from './viewNames.ts';

export interface RestorableView<Kept> {
  readonly view: ViewName;
  /** Checks what the page kept, perhaps in another version of ours. Null: there is nothing to show, the tab closes. */
  readonly parse: (kept: unknown) => Kept | null;
  /** Takes the tab over and shows in it what was kept. */
  readonly restore: (panel: WebviewPanel, kept: Kept) => Promise<void>;
}

/** Where a view cannot be restored its tab stays and says why: the next reload tries again. */
export function registerRestorable<Kept>(
  { view, parse, restore }: RestorableView<Kept>,
  actions: ActionRunner,
): Disposes {
  return window.registerWebviewPanelSerializer(viewType(view), {
    async deserializeWebviewPanel(panel, state: unknown) {
      const kept = parse(state);
      if (kept === null) {
        panel.dispose();
        return;
      }
      let closed = false;
      panel.onDidDispose(() => (closed = true));
      try {
        await restore(panel, kept);
      } catch (error) {
        if (closed) return;
        actions.note(`restore ${view}`, error);
        const text = l10n.t('This view could not be shown again: {0}', errorMessage(error));
        panel.webview.html = noticeHtml(panel.title, text);
      }
    },
  });
}
