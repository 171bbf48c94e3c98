/** The view *Runs*: what the index knows, with the run in training as it is now. */
import { EventEmitter, window } from 'vscode';
import type { TreeDataProvider } from 'vscode';
import type { Disposes } from '../lifetime.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import type { RunStore } from '../runs/runStore.ts';
import { throttle } from '../ui/throttle.ts';
import { childrenOf, treeItem } from './runNodes.ts';
import type { RunNode } from './runNodes.ts';
import { withLive } from './runView.ts';

const drawEveryMs = 500;

export interface RunsTreeOptions {
  readonly index: RunIndex;
  readonly store: RunStore;
  /** Called when the view asks for its first rows: nothing is searched before. */
  readonly search: () => Promise<void>;
}

export function createRunsTree({ index, store, search }: RunsTreeOptions): Disposes {
  const changed = new EventEmitter<void>();
  const drawSoon = throttle(() => changed.fire(), drawEveryMs);
  let searched: Promise<void> | null = null;
  const provider: TreeDataProvider<RunNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: treeItem,
    async getChildren(node) {
      if (node !== undefined) return [...(await childrenOf(node))];
      await (searched ??= search());
      return index.runs.map((run) => ({ kind: 'run', run: withLive(run, store.run) }));
    },
  };
  const view = window.createTreeView('trainbench.runs', { treeDataProvider: provider });
  const parts: readonly Disposes[] = [
    view,
    changed,
    drawSoon,
    index.onDidChange(drawSoon),
    store.onDidChange(({ kind }) => {
      if (kind !== 'columns') drawSoon();
    }),
  ];
  return {
    dispose() {
      for (const part of parts) part.dispose();
    },
  };
}
