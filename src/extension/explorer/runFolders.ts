/** Finds the folders that hold runs in the workspace, and keeps the index up to date while files change. */
import path from 'node:path';
import { workspace } from 'vscode';
import type { Memento, Uri } from 'vscode';
import type { Disposes } from '../lifetime.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { throttle } from '../ui/throttle.ts';

/** The file that makes a folder a run; it is written anew with every checkpoint. */
const runRecords = '**/run.json';
const notSearched = '**/{node_modules,.git,discarded}/**';
const maxRuns = 5000;
const refreshEveryMs = 500;
const rememberedKey = 'trainbench.runFolders';

export interface RunFoldersOptions {
  readonly index: RunIndex;
  readonly store: RunStore;
  readonly actions: ActionRunner;
  /** Remembers folders outside of the workspace, where a config may put its runs. */
  readonly memory: Memento;
}

export class RunFolders {
  readonly #options: RunFoldersOptions;
  readonly #changed = new Set<string>();
  readonly #refreshSoon = throttle(() => void this.#refreshChanged(), refreshEveryMs);
  readonly #subscriptions: readonly Disposes[];

  constructor(options: RunFoldersOptions) {
    this.#options = options;
    const watcher = workspace.createFileSystemWatcher(runRecords);
    const touched = (uri: Uri) => this.#touch(folderOfRuns(uri.fsPath));
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate(touched),
      watcher.onDidChange(touched),
      watcher.onDidDelete(touched),
      workspace.onDidChangeWorkspaceFolders(() => void this.search()),
      options.store.onDidChange((change, run) => {
        const whenItMatters = change.kind === 'run' || change.kind === 'state';
        if (whenItMatters && run.info !== null) this.#touch(path.dirname(run.info.directory));
      }),
    ];
  }

  /** Looks through the workspace and reads all that it finds. */
  async search(): Promise<void> {
    const { actions, index } = this.#options;
    await actions.run('search for runs', async () => {
      const files = await workspace.findFiles(runRecords, notSearched, maxRuns);
      const found = files.map(({ fsPath }) => folderOfRuns(fsPath));
      await index.refresh([...new Set([...found, ...this.#remembered()])]);
    });
  }

  dispose(): void {
    this.#refreshSoon.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #touch(folder: string): void {
    this.#changed.add(folder);
    this.#remember(folder);
    this.#refreshSoon();
  }

  async #refreshChanged(): Promise<void> {
    const folders = [...this.#changed];
    this.#changed.clear();
    const { actions, index } = this.#options;
    await actions.run('read runs', () => index.refresh(folders));
  }

  #remembered(): readonly string[] {
    return this.#options.memory.get<readonly string[]>(rememberedKey, []);
  }

  #remember(folder: string): void {
    const known = this.#remembered();
    if (known.includes(folder)) return;
    void this.#options.memory.update(rememberedKey, [...known, folder]);
  }
}

/** From `runs/<run>/run.json` to `runs`. */
function folderOfRuns(record: string): string {
  return path.dirname(path.dirname(record));
}
