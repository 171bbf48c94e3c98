/** Files and folders to storage and back: what is in the way is asked about first, progress is told in bytes. */
import { env, l10n, Uri, window, workspace } from 'vscode';
import { explained } from '../../../azure/explain.ts';
import type { Store, StoredItem } from '../../../azure/storage/store.ts';
import {
  download,
  downloadsInTheWay,
  planDownload,
  planUpload,
  upload,
  uploadsInTheWay,
} from '../../../azure/storage/transfers.ts';
import type { Job, Progress } from '../../../azure/storage/transfers.ts';
import { formatBytes } from '../../../shared/numberFormat.ts';
import type { Step } from '../../ui/workSteps.ts';
import { withProgress } from '../../ui/withProgress.ts';
import type { AzureNode } from '../azureNodes.ts';
import { chosen } from '../confirmations.ts';
import { pathIn, storageName, storeOf } from './storageNodes.ts';
import type { FolderNode, StoreFileNode, StoreNode } from './storageNodes.ts';
import { leadsToFiles, ofKinds } from './storagePicker.ts';
import type { StoragePicker } from './storagePicker.ts';
import { dataRole } from './storageTree.ts';

export interface TransferParts {
  readonly picker: StoragePicker;
  readonly refresh: (node?: AzureNode) => void;
}

const isFolder = ofKinds<FolderNode>(['azure.store', 'azure.storeFolder']);
const isStored = ofKinds<FolderNode | StoreFileNode>([
  'azure.store',
  'azure.storeFolder',
  'azure.storeFile',
]);

export class StorageTransfers {
  readonly #parts: TransferParts;

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  async upload(node: AzureNode | undefined, what: 'files' | 'folder'): Promise<void> {
    const target = await this.#parts.picker.pick(node, {
      title: l10n.t('Upload to where?'),
      isOne: isFolder,
      leads: leadsToFiles,
    });
    if (target === undefined) return;
    const title = l10n.t('Upload to {0}', storageName(target));
    const files = await window.showOpenDialog({
      title,
      openLabel: l10n.t('Upload'),
      canSelectFiles: what === 'files',
      canSelectFolders: what === 'folder',
      canSelectMany: what === 'files',
      ...beginning(),
    });
    if (files === undefined || files.length === 0) return;
    const locals = files.map(({ fsPath }) => fsPath);
    const jobs = await planUpload(locals, pathIn(target));
    const moved = await onStore(storeOf(target), title, async (store, report, signal) => {
      const inTheWay = await uploadsInTheWay(store, jobs, signal);
      const plan = await agreedPlan(jobs, inTheWay, nameOfStored);
      if (plan === null) return null;
      await upload(store, plan, { overwrites: inTheWay, signal, onProgress: telling(report) });
      return plan;
    }).finally(() => this.#parts.refresh(target)); // also what went before somebody cancelled
    if (moved !== null) tellOf(moved, storageName(target));
  }

  async download(node: AzureNode | undefined): Promise<void> {
    const source = await this.#parts.picker.pick(node, {
      title: l10n.t('Download what?'),
      isOne: isStored,
      leads: leadsToFiles,
    });
    if (source === undefined) return;
    const title = l10n.t('Download {0}', storageName(source));
    const folders = await window.showOpenDialog({
      title: l10n.t('Download {0} into which folder?', storageName(source)),
      openLabel: l10n.t('Download Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      ...beginning(),
    });
    const folder = folders?.[0]?.fsPath;
    if (folder === undefined) return;
    const moved = await onStore(storeOf(source), title, async (store, report, signal) => {
      const place = { localFolder: localFolder(source, folder), signal };
      const jobs = await planDownload(store, [itemOf(source)], place);
      const inTheWay = await downloadsInTheWay(jobs);
      const plan = await agreedPlan(jobs, inTheWay, ({ local }) => local);
      if (plan === null) return null;
      await download(store, plan, { signal, onProgress: telling(report) });
      return plan;
    });
    if (moved !== null) tellOf(moved, folder);
  }
}

/** A whole container or share comes in a folder of its name. */
function localFolder(source: FolderNode | StoreFileNode, folder: string): string {
  if (source.kind !== 'azure.store') return folder;
  return Uri.joinPath(Uri.file(folder), source.name).fsPath;
}

function itemOf(source: FolderNode | StoreFileNode): StoredItem {
  if (source.kind !== 'azure.store') return source.item;
  return { kind: 'folder', path: '', size: null, modified: null };
}

function onStore<T>(
  { name, parent }: StoreNode,
  title: string,
  work: (store: Store, report: (step: Step) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withProgress({
    title,
    run: (report, signal) =>
      explained({ what: name, role: dataRole(parent.storeKind) }, async () =>
        work((await parent.service()).store(name), report, signal),
      ),
  });
}

/** @returns what is to be moved; null where the user gave up. */
async function agreedPlan(
  jobs: readonly Job[],
  inTheWay: readonly Job[],
  nameOf: (job: Job) => string,
): Promise<readonly Job[] | null> {
  const [first] = inTheWay;
  if (first === undefined) return jobs;
  const text =
    inTheWay.length === 1
      ? l10n.t('{0} is there already. Replace it?', nameOf(first))
      : l10n.t(
          '{0} and {1} more are there already. Replace them?',
          nameOf(first),
          inTheWay.length - 1,
        );
  const replace = l10n.t('Replace');
  const skip = l10n.t('Skip');
  const answer = await chosen(text, inTheWay.length < jobs.length ? [replace, skip] : [replace]);
  if (answer === replace) return jobs;
  return answer === skip ? jobs.filter((job) => !inTheWay.includes(job)) : null;
}

function nameOfStored({ path }: Job): string {
  return path;
}

function telling(report: (step: Step) => void): (progress: Progress) => void {
  const size = (bytes: number) => formatBytes(bytes, env.language);
  return ({ bytes, current, files, totalBytes, totalFiles }) => {
    const done = l10n.t('{0} of {1}', size(bytes), size(totalBytes));
    const count = totalFiles === 1 ? '' : ` · ${files}/${totalFiles}`;
    const fraction = totalBytes === 0 ? files / totalFiles : bytes / totalBytes;
    report({ message: `${done}${count} · ${current}`, fraction });
  };
}

function tellOf(jobs: readonly Job[], place: string): void {
  const bytes = formatBytes(
    jobs.reduce((sum, job) => sum + job.bytes, 0),
    env.language,
  );
  const text =
    jobs.length === 1
      ? l10n.t('1 file ({0}) is in {1} now.', bytes, place)
      : l10n.t('{0} files ({1}) are in {2} now.', jobs.length, bytes, place);
  void window.showInformationMessage(text);
}

function beginning(): { readonly defaultUri?: Uri } {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? {} : { defaultUri: folder };
}
