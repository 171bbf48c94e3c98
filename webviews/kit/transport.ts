/** The page's end of a webview link. */
import type { Envelope, Transport } from '../../src/shared/protocol/contract.ts';
import type { ViewOpened } from '../../src/shared/protocol/views/viewLink.ts';

let api: ReturnType<typeof acquireVsCodeApi> | null = null;

/** VS Code gives its API once. */
function vsCode(): ReturnType<typeof acquireVsCodeApi> {
  return (api ??= acquireVsCodeApi());
}

/** What the host's panel serializer gets when the window is reloaded. */
export function keepForReload(state: unknown): void {
  vsCode().setState(state);
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
