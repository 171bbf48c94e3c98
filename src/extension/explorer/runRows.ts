/**
 * The rows of the Runs tree. A run keeps its row object, so that VS Code draws one row anew instead of the whole tree:
 * while that is drawn, menus that are open and clicks lose the row they are at.
 */
import type { RunListEntry } from '../../shared/protocol/core.ts';
import type { RunNode } from './runNodes.ts';

type RunRow = Extract<RunNode, { kind: 'run' }>;

export class RunRows {
  /** By directory, in their order. */
  #rows = new Map<string, { readonly row: RunRow; readonly entry: string }>();

  find(directory: string): RunRow | undefined {
    return this.#rows.get(directory)?.row;
  }

  /** @returns all rows, as they are from now on. */
  replace(runs: readonly RunListEntry[]): readonly RunRow[] {
    this.#rows = new Map(
      runs.map((run) => {
        const row = this.find(run.directory) ?? { kind: 'run', run };
        return [run.directory, { row, entry: JSON.stringify(run) }];
      }),
    );
    return [...this.#rows.values()].map(({ row }) => row);
  }

  /** @returns the rows that read differently now; undefined where there are others, or in another order. */
  update(runs: readonly RunListEntry[]): readonly RunRow[] | undefined {
    const known = [...this.#rows.keys()];
    const same =
      runs.length === known.length && runs.every(({ directory }, i) => directory === known[i]);
    if (!same) return undefined;
    const before = this.#rows;
    this.replace(runs);
    return [...this.#rows].flatMap(([directory, { row, entry }]) =>
      before.get(directory)?.entry === entry ? [] : [row],
    );
  }
}
