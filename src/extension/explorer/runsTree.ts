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
  const changed = new EventEmitter<RunNode | undefined>();
  /** Those on show by folder: only the row of the run in training is drawn again while it trains. */
  let shown = new Map<string, RunNode>();
  let searched: Promise<void> | null = null;
  const now = (node: RunNode): RunNode =>
    'run' in node
      ? { ...node, run: withLive(index.find(node.run.directory) ?? node.run, store.run) }
      : node;
  const provider: TreeDataProvider<RunNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) => treeItem(now(node)),
    async getChildren(node) {
      if (node !== undefined) return [...(await childrenOf(now(node)))];
      await (searched ??= search());
      shown = new Map(index.runs.map((run) => [run.directory, { kind: 'run', run }]));
      return [...shown.values()];
    },
  };
  const drawLive = throttle(() => {
    const node = shown.get(store.run?.info?.directory ?? '');
    if (node !== undefined) changed.fire(node);
  }, drawEveryMs);
  const view = window.createTreeView('trainbench.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
  });
  const parts: readonly Disposes[] = [
    view,
    changed,
    drawLive,
    index.onDidChange(() => changed.fire(undefined)),
    store.onDidChange(({ kind }) => {
      if (kind !== 'steps') drawLive();
    }),
  ];
  return {
    dispose() {
      for (const part of parts) part.dispose();
    },
  };
}
