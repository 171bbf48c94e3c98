/** The host's end of a webview link. Each page that opens gets a transport of its own. */
import type { Webview } from 'vscode';
import type { Envelope, Transport } from '../../shared/protocol/contract.ts';
import type { ViewOpened } from '../../shared/protocol/views/viewLink.ts';
import type { Disposes } from '../lifetime.ts';

/** Calls `connect` for every page that opens; the transport of the page before is closed first. */
export function onPageOpened(webview: Webview, connect: (page: Transport) => void): Disposes {
  let current: PageTransport | null = null;
  const subscription = webview.onDidReceiveMessage((message: ViewOpened | Envelope) => {
    if (message.kind === 'opened') {
      current?.end('the page was opened again');
      current = new PageTransport(webview);
      connect(current);
    } else {
      current?.receive(message);
    }
  });
  return {
    dispose() {
      subscription.dispose();
      current?.end('the panel was closed');
    },
  };
}

class PageTransport implements Transport {
  readonly #webview: Webview;
  readonly #listeners: ((message: Envelope) => void)[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #open = true;

  constructor(webview: Webview) {
    this.#webview = webview;
  }

  send(message: Envelope): void {
    // Whether a hidden page took it does not matter: it asks for everything when it shows again.
    if (this.#open) void this.#webview.postMessage(message);
  }

  onMessage(listener: (message: Envelope) => void): void {
    this.#listeners.push(listener);
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    this.end('closed by this side');
  }

  receive(message: Envelope): void {
    for (const listener of this.#listeners) listener(message);
  }

  end(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    for (const listener of this.#closeListeners) listener(reason);
  }
}
