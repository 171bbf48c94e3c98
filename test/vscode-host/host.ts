/** Starts the test VS Code: one server with its own home, user data and extensions, gone without a trace afterwards. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment } from './environment.ts';
import { installVscodeHost } from './install.ts';
import { linkExtensions, linkNeededBuiltins } from './installedExtensions.ts';

export interface HostOptions {
  /** A folder of installed extensions, as `installExtensions` makes one; none without. */
  readonly extensions?: string;
  /** VS Code without those of its own extensions that have nothing to do with ours: Git, TypeScript, debuggers, tasks. */
  readonly isLean?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Starts the workbench with its smoke-test driver. Only then does VS Code honour the extension development
   * and test paths in a page's payload; the price is that notification toasts do not show.
   */
  readonly automation?: boolean;
  /**
   * Language that the window starts in; English by default. Its texts of VS Code itself stay English, because no
   * language pack can be downloaded; extensions show theirs.
   */
  readonly locale?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Keeps VS Code's workspace trust; off by default, so that every folder counts as trusted. */
  readonly workspaceTrust?: boolean;
}

export interface Host {
  readonly origin: string;
  readonly authority: string;
  /** The folder that holds all the server writes. */
  readonly root: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const defaultSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'files.simpleDialog.enable': true,
};

const startTimeoutMs = 60_000;

/** Installs VS Code where that is still to do, and waits until the server answers. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const { node, entry } = installVscodeHost();
  const root = makeRoot(options);
  const env = cleanEnvironment(root, options.env);
  const ext = path.join(root, 'ext');
  if (options.extensions !== undefined) linkExtensions(options.extensions, ext);
  const folders = ['--user-data-dir', path.join(root, 'ud'), '--extensions-dir', ext];
  if (options.isLean === true) {
    folders.push('--builtin-extensions-dir', linkNeededBuiltins(path.join(root, 'own')));
  }
  const base = [entry, '--config', path.join(root, 'config.yaml'), ...folders];
  const port = options.port || (await freePort());
  const authority = `127.0.0.1:${port}`;
  const log = fs.openSync(path.join(root, 'server.log'), 'w');
  const args = [...base, '--bind-addr', authority, ...serverFlags(options)];
  const child = spawn(node, args, { env, stdio: ['ignore', log, log], detached: true });
  fs.closeSync(log);
  const stop = async () => {
    await stopGroup(child);
    fs.rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await untilHealthy(`http://${authority}/healthz`, child);
  } catch (error) {
    const said = fs.readFileSync(path.join(root, 'server.log'), 'utf8').slice(-4000);
    await stop();
    throw new Error(`The test VS Code did not start:\n${said}`, { cause: error });
  }
  return { origin: `http://${authority}`, authority, root, pid: child.pid!, stop };
}

function serverFlags(options: HostOptions): readonly string[] {
  const flags = ['--disable-telemetry', '--disable-update-check', '--disable-proxy'];
  flags.push('--disable-getting-started-override');
  if (options.workspaceTrust !== true) flags.push('--disable-workspace-trust');
  if (options.locale !== undefined) flags.push('--locale', options.locale);
  if (options.automation === true) flags.push('--vscode-option', 'enable-smoke-test-driver');
  return flags;
}

/** Short on purpose: the server's Unix sockets lie in `root/tmp` and their paths have at most 107 characters. */
function makeRoot(options: HostOptions): string {
  const root = fs.mkdtempSync('/tmp/tb-code-');
  for (const folder of ['ud/User', 'ext', 'home', 'tmp']) {
    fs.mkdirSync(path.join(root, folder), { recursive: true });
  }
  writeSettings(root, options);
  fs.writeFileSync(path.join(root, 'config.yaml'), 'auth: none\ncert: false\n');
  if (options.locale !== undefined) writeLanguagePack(path.join(root, 'ud'), options.locale);
  return root;
}

/** VS Code reads them when a window opens. */
export function writeSettings(root: string, options: HostOptions): void {
  const trust = { 'security.workspace.trust.enabled': options.workspaceTrust === true };
  const settings = { ...defaultSettings, ...trust, ...options.settings };
  fs.writeFileSync(path.join(root, 'ud/User/settings.json'), JSON.stringify(settings, null, 2));
}

/** What VS Code keeps of an installed language pack: of this one, no text is translated. */
function writeLanguagePack(userData: string, locale: string): void {
  const vscode = path.join(userData, 'languagepack.i18n.json');
  fs.writeFileSync(vscode, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'tests.language-pack' }, version: '1.0.0' }];
  const pack = { hash: 'empty', extensions, translations: { vscode }, label: locale };
  fs.writeFileSync(path.join(userData, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error('the server exited');
    const healthy = await fetch(url).then(
      (response) => response.ok,
      () => false, // not listening yet
    );
    if (healthy) return;
    await sleep(100);
  }
  throw new Error(`no answer within ${startTimeoutMs / 1000} s`);
}

/** The group holds the server, its extension hosts, terminals, and what the extension forked. */
async function stopGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  for (let i = 0; i < 30 && !hasEnded(child); i++) await sleep(100);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
