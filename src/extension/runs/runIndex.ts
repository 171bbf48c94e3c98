/** The runs on disk, by the folder that holds them: state with events, no UI and no `vscode`. */
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, RunListEntry } from '../../shared/protocol/core.ts';
import type { Disposes } from '../lifetime.ts';

export class RunIndex {
  readonly #client: () => Promise<Client<CoreContract>>;
  readonly #byFolder = new Map<string, readonly RunListEntry[]>();
  readonly #listeners = new Set<() => void>();

  constructor(client: () => Promise<Client<CoreContract>>) {
    this.#client = client;
  }

  /** Newest first. */
  get runs(): readonly RunListEntry[] {
    const all = [...this.#byFolder.values()].flat();
    return all.sort((a, b) => b.created.localeCompare(a.created));
  }

  find(directory: string): RunListEntry | undefined {
    return this.runs.find((run) => run.directory === directory);
  }

  onDidChange(listener: () => void): Disposes {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Reads these folders again and keeps what is known of others. A folder that is gone has no runs. */
  async refresh(folders: readonly string[]): Promise<void> {
    if (folders.length === 0) return;
    const client = await this.#client();
    const read = async (directory: string) => {
      const { runs } = await client.request('run/list', { directory });
      const before = this.#byFolder.get(directory) ?? [];
      this.#byFolder.set(directory, runs);
      return JSON.stringify(runs) !== JSON.stringify(before);
    };
    const changes = await Promise.all(folders.map(read));
    // A tree that is drawn anew for nothing would lose the row under an open menu.
    if (!changes.includes(true)) return;
    for (const listener of [...this.#listeners]) listener();
  }
}
