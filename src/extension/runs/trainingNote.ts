/**
 * Which run this window trains, on disk: whoever comes after it (a reload, a crash) can tell that it was interrupted.
 * A file rather than VS Code's memory, which a crash may lose.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Disposes } from '../lifetime.ts';
import { parseKeptRun } from '../panels/keptRun.ts';
import { activeStates } from './runStore.ts';
import type { RunStore } from './runStore.ts';

export class TrainingNote {
  readonly #file: string;
  /** One write at a time, in order. */
  #writing: Promise<void> = Promise.resolve();
  #noted: string | null | undefined;

  constructor(folder: string) {
    this.#file = path.join(folder, 'training.json');
  }

  /** The run of the note; null where nothing trained, or what is there is no note. */
  async read(): Promise<string | null> {
    try {
      const kept: unknown = JSON.parse(await readFile(this.#file, 'utf8'));
      return parseKeptRun(kept)?.directory ?? null;
    } catch {
      return null; // there is none
    }
  }

  /** Notes the run in training, and takes the note away when it ends; an interrupted one keeps it. */
  follow(store: RunStore): Disposes {
    return store.onDidChange((_change, { info, state }) => {
      if (info === null || state === 'interrupted') return;
      this.write(activeStates.includes(state) ? info.directory : null);
    });
  }

  write(directory: string | null): void {
    if (directory === this.#noted) return;
    this.#noted = directory;
    const change = directory === null ? () => this.#remove() : () => this.#put(directory);
    // Without the note only a hint is missing.
    this.#writing = this.#writing.then(change).catch(() => undefined);
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #put(directory: string): Promise<void> {
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(this.#file, JSON.stringify({ directory }));
  }

  #remove(): Promise<void> {
    return rm(this.#file, { force: true });
  }
}
