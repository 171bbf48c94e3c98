/** The view *Runs*: what the index knows, with the run in training as it is now. */
import { EventEmitter, window } from 'vscode';
import type { TreeDataProvider, TreeView } from 'vscode';
import type { Disposes } from '../lifetime.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import type { RunStore } from '../runs/runStore.ts';
import { throttle } from '../ui/throttle.ts';
import { childrenOf, treeItem } from './runNodes.ts';
import type { RunNode } from './runNodes.ts';
import { RunRows } from './runRows.ts';
import { withLive } from './runView.ts';

const drawEveryMs = 500;

export interface RunsTreeOptions {
  readonly index: RunIndex;
  readonly store: RunStore;
  /** Called when the view asks for its first rows: nothing is searched before. */
  readonly search: () => Promise<void>;
}

export function createRunsTree({ index, store, search }: RunsTreeOptions): Disposes {
  const changed = new EventEmitter<RunNode | RunNode[] | undefined>();
  const rows = new RunRows();
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
      return [...rows.replace(index.runs)];
    },
  };
  const view = window.createTreeView('trainbench.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
  });
  let waiting: readonly RunNode[] = [];
  const draw = (news: readonly RunNode[]) => {
    const pending = [...new Set([...waiting, ...news])];
    waiting = pending.filter((row) => isOneOfSeveral(view, row));
    const atOnce = pending.filter((row) => !waiting.includes(row));
    if (atOnce.length > 0) changed.fire(atOnce);
  };
  const drawLive = throttle(() => {
    const row = rows.find(store.run?.info?.directory ?? '');
    if (row !== undefined) draw([row]);
  }, drawEveryMs);
  const drawNews = () => {
    const news = rows.update(index.runs);
    if (news === undefined) changed.fire(undefined);
    else draw(news);
  };
  const parts: readonly Disposes[] = [
    view,
    changed,
    drawLive,
    index.onDidChange(drawNews),
    view.onDidChangeSelection(() => draw([])),
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

/** When such a row is drawn anew, VS Code drops the others from the selection; it waits until there are fewer. */
function isOneOfSeveral({ selection }: TreeView<RunNode>, row: RunNode): boolean {
  return selection.length > 1 && selection.includes(row);
}
