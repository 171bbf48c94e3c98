/**
 * Servers and a browser that several files of tests use one after the other: to start them, and to compile VS Code's 20 MB
 * of scripts in them, takes longer than most tests. What one file leaves is removed before the next: extension hosts and
 * what they have forked, settings, storage of extensions, and what the page keeps.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { type Host, type HostOptions, startHost, writeSettings } from './host.ts';
import { kill, processTree } from './processes.ts';
import { launchProfile } from './workbench.ts';

export interface LentHost {
  readonly host: Host;
  readonly browser: Browser | BrowserContext;
  /** Closes its windows and ends what runs in its extension hosts. */
  giveBack(): Promise<void>;
}

export class SharedHosts {
  readonly #hosts = new Map<string, Promise<Host>>();
  #browser: Promise<BrowserContext> | null = null;
  readonly #profile = fs.mkdtempSync('/tmp/tb-profile-');

  /** One that is not lent to anybody at the moment: a caller gives it back before the next one asks. */
  async lend(options: HostOptions): Promise<LentHost> {
    // Settings are those of a window.
    const key = JSON.stringify({ ...options, settings: undefined });
    const starting = this.#hosts.get(key) ?? startHost(options);
    this.#hosts.set(key, starting);
    this.#browser ??= launchProfile(this.#profile);
    const [host, browser] = [await starting, await this.#browser];
    writeSettings(host.root, options);
    await forgetOrigin(browser, host.origin);
    return { host, browser, giveBack: () => clean(host, browser) };
  }

  async stop(): Promise<void> {
    await (await this.#browser)?.close();
    for (const host of this.#hosts.values()) await (await host).stop();
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** All but compiled scripts and files of the server, which are always the same. */
async function forgetOrigin(browser: BrowserContext, origin: string): Promise<void> {
  const [page] = browser.pages();
  const session = await browser.newCDPSession(page ?? (await browser.newPage()));
  const storageTypes = 'cookies,indexeddb,local_storage';
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.detach();
}

async function clean(host: Host, browser: BrowserContext): Promise<void> {
  // The first page keeps the browser open.
  for (const page of browser.pages().slice(1)) await page.close();
  // VS Code keeps an extension host for a while, in case its window comes back.
  const hosts = processTree(host.pid).filter(({ command }) => /--type=extensionHost/.test(command));
  for (const { pid } of hosts.flatMap((row) => processTree(row.pid))) kill(pid);
  for (const left of ['User/globalStorage', 'User/workspaceStorage', 'Machine']) {
    const folder = path.join(host.root, 'ud', left);
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
