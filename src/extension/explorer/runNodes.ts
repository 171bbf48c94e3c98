/** The Runs tree as data, and the one function that makes its items. */
import path from 'node:path';
import {
  env,
  FileType,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
} from 'vscode';
import { formatValue } from '../../shared/numberFormat.ts';
import type { RunListEntry } from '../../shared/protocol/core.ts';
import type { CommandId } from '../commands/commandTable.ts';
import { metricRows, runView } from './runView.ts';
import type { MetricRow } from './runView.ts';

export type RunNode =
  | { readonly kind: 'run'; readonly run: RunListEntry }
  | { readonly kind: 'metrics' | 'checkpoints' | 'files'; readonly run: RunListEntry }
  | { readonly kind: 'metric'; readonly metric: MetricRow }
  | {
      readonly kind: 'checkpoint';
      readonly uri: Uri;
      readonly which: string;
      readonly step: number;
    }
  | { readonly kind: 'file' | 'folder'; readonly uri: Uri };

/** The run of a node that a menu passes, a directory, or nothing. */
export function directoryOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null || !('run' in target)) return undefined;
  const { run } = target as { run: RunListEntry };
  return run.directory;
}

export async function childrenOf(node: RunNode): Promise<readonly RunNode[]> {
  switch (node.kind) {
    case 'run':
      return (['metrics', 'checkpoints', 'files'] as const).map((kind) => ({
        kind,
        run: node.run,
      }));
    case 'metrics':
      return metricRows(node.run).map((metric) => ({ kind: 'metric', metric }));
    case 'checkpoints':
      return checkpoints(Uri.joinPath(Uri.file(node.run.directory), 'checkpoints'));
    case 'files':
      return files(Uri.file(node.run.directory));
    case 'folder':
      return files(node.uri);
    case 'metric':
    case 'checkpoint':
    case 'file':
      return [];
  }
}

async function checkpoints(folder: Uri): Promise<readonly RunNode[]> {
  const entries = await workspace.fs.readDirectory(folder);
  return entries.flatMap(([name]) => {
    const match = /^(last|best)-(\d+)\.safetensors$/.exec(name);
    if (match === null) return [];
    const uri = Uri.joinPath(folder, name);
    return [{ kind: 'checkpoint', uri, which: match[1]!, step: Number(match[2]) } as const];
  });
}

async function files(folder: Uri): Promise<readonly RunNode[]> {
  const entries = await workspace.fs.readDirectory(folder);
  return entries
    .map(([name, type]): RunNode => {
      const kind = (type & FileType.Directory) === 0 ? 'file' : 'folder';
      return { kind, uri: Uri.joinPath(folder, name) };
    })
    .sort((a, b) => b.kind.localeCompare(a.kind));
}

const { None, Collapsed } = TreeItemCollapsibleState;

export function treeItem(node: RunNode): TreeItem {
  switch (node.kind) {
    case 'run':
      return runItem(node);
    case 'metrics':
      return groupItem(l10n.t('Metrics'), 'graph', node);
    case 'checkpoints':
      return groupItem(l10n.t('Checkpoints'), 'save', node);
    case 'files':
      return groupItem(l10n.t('Files'), 'files', node);
    case 'metric':
      return metricItem(node.metric);
    case 'checkpoint':
      return checkpointItem(node);
    case 'file':
    case 'folder':
      return fileItem(node);
  }
}

function runItem(node: Extract<RunNode, { kind: 'run' }>): TreeItem {
  const { run } = node;
  const view = runView(run, (message, ...args) => l10n.t(message, ...args), {
    locale: env.language,
  });
  const item = new TreeItem(view.label, Collapsed);
  item.id = run.directory;
  item.description = view.description;
  item.tooltip = view.details.filter((line) => line !== '').join('\n');
  const color = view.color === undefined ? undefined : new ThemeColor(view.color);
  item.iconPath = new ThemeIcon(view.icon, color);
  item.contextValue = `run.${run.state}`;
  item.accessibilityInformation = { label: `${view.label}, ${view.description}` };
  const command = 'trainbench.run.open' satisfies CommandId;
  item.command = { command, title: l10n.t('Show the loss plot'), arguments: [node] };
  return item;
}

function groupItem(label: string, icon: string, node: Extract<RunNode, { run: RunListEntry }>) {
  const item = new TreeItem(label, Collapsed);
  item.id = `${node.run.directory}#${node.kind}`;
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = node.kind;
  return item;
}

function metricItem({ name, value, baseline }: MetricRow): TreeItem {
  const item = new TreeItem(name, None);
  const shown = formatValue(value, env.language);
  item.description =
    baseline === undefined
      ? shown
      : l10n.t('{0} (guess: {1})', shown, formatValue(baseline, env.language));
  item.contextValue = 'metric';
  return item;
}

function checkpointItem(node: Extract<RunNode, { kind: 'checkpoint' }>): TreeItem {
  const { uri, which, step } = node;
  const label = which === 'best' ? l10n.t('Best, step {0}', step) : l10n.t('Last, step {0}', step);
  const item = new TreeItem(label, None);
  item.id = uri.toString();
  item.tooltip = uri.fsPath;
  item.iconPath = new ThemeIcon(which === 'best' ? 'star' : 'circle-outline');
  item.contextValue = 'checkpoint';
  return item;
}

/** What an editor shows as text; others would only be refused. */
const readable = /\.(jsonl?|ya?ml|md|txt)$/;

function fileItem({ kind, uri }: Extract<RunNode, { kind: 'file' | 'folder' }>): TreeItem {
  const item = new TreeItem(uri, kind === 'folder' ? Collapsed : None);
  item.id = `${uri.toString()}#files`;
  item.iconPath = kind === 'folder' ? ThemeIcon.Folder : ThemeIcon.File;
  item.contextValue = kind;
  if (readable.test(path.posix.basename(uri.path))) {
    item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [uri] };
  }
  return item;
}
