/** The page's end of a webview link. */
import type { Envelope, Transport } from '../../src/shared/protocol/contract.ts';
import type { ViewOpened } from '../../src/shared/protocol/views/viewLink.ts';

let api: ReturnType<typeof acquireVsCodeApi> | null = null;

/** VS Code gives its API once. */
function vsCode(): ReturnType<typeof acquireVsCodeApi> {
  return (api ??= acquireVsCodeApi());
}

/**
 * Keeps what should come back when the tab was hidden (VS Code throws the page away) or the window reloaded. Of a
 * reload the host gets it too: src/extension/panels/restorableView.ts.
 */
export function keepForReload(state: unknown): void {
  vsCode().setState(state);
}

/** What the tab's page of before kept; undefined where there was none. */
export function keptState(): unknown {
  return vsCode().getState();
}

/**
 * What the tab's page of before kept of this run; null where it kept none, or that of another run. `key` is the name
 * under which a view keeps whose state it is: of a run its directory.
 */
export function keptOf(owner: string, key = 'directory'): Readonly<Record<string, unknown>> | null {
  const kept = keptState();
  if (typeof kept !== 'object' || kept === null) return null;
  const record = kept as Readonly<Record<string, unknown>>;
  return record[key] === owner ? record : null;
}

/** Says that the page is open; the host answers with a new connection. Call it once. */
export function openTransport(): Transport {
  const host = vsCode();
  host.postMessage({ kind: 'opened' } satisfies ViewOpened);
  return {
    send: (message) => host.postMessage(message),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<Envelope>) => listener(event.data)),
    // The host outlives the page; VS Code throws the page away without telling it.
    onClose: () => undefined,
    close: () => undefined,
  };
}
