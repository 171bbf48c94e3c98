/** What is made and deleted in storage: accounts, containers, shares, folders, files. */
import { l10n, window } from 'vscode';
import { explained } from '../../../azure/explain.ts';
import { createResourceGroup } from '../../../azure/resourceGroups.ts';
import { storeNamePattern } from '../../../azure/storage/openService.ts';
import type { StoreKind } from '../../../azure/storage/openService.ts';
import {
  accountPath,
  createAccount,
  deleteAccount,
} from '../../../azure/storage/storageAccounts.ts';
import { removeBelow } from '../../../azure/storage/transfers.ts';
import { withProgress } from '../../ui/withProgress.ts';
import type { AzureNode, SubscriptionNode } from '../azureNodes.ts';
import { agreed, typedName } from '../confirmations.ts';
import { runForm } from '../forms/form.ts';
import { storageForm } from '../forms/storageForm.ts';
import type { StorageAnswers } from '../forms/storageForm.ts';
import type { RunningOperations } from '../runningOperations.ts';
import { pathIn, storageName, storeOf } from './storageNodes.ts';
import type {
  FolderNode,
  StorageAccountNode,
  StoreFileNode,
  StoreNode,
  StoresNode,
} from './storageNodes.ts';
import { leadsToFiles, leadsToStores, ofKinds } from './storagePicker.ts';
import type { StoragePicker } from './storagePicker.ts';
import { dataRole } from './storageTree.ts';

export interface StorageParts {
  readonly operations: RunningOperations;
  readonly picker: StoragePicker;
  readonly subscription: () => Promise<SubscriptionNode | undefined>;
  readonly refresh: (node?: AzureNode) => void;
}

type Removable = StorageAccountNode | FolderNode | StoreFileNode;
const isRemovable = ofKinds<Removable>([
  'azure.storageAccount',
  'azure.store',
  'azure.storeFolder',
  'azure.storeFile',
]);
const isShareFolder = (node: AzureNode): node is FolderNode =>
  (node.kind === 'azure.store' && node.parent.storeKind === 'share') ||
  (node.kind === 'azure.storeFolder' && node.store.parent.storeKind === 'share');

const leadsToShares = (node: AzureNode) =>
  leadsToFiles(node) && !(node.kind === 'azure.stores' && node.storeKind === 'container');

export class StorageActions {
  readonly #parts: StorageParts;

  constructor(parts: StorageParts) {
    this.#parts = parts;
  }

  async createAccount(node: AzureNode | undefined): Promise<void> {
    const group = node?.kind === 'azure.resourceGroup' ? node.group.name : undefined;
    const near = node?.kind === 'azure.resourceGroup' ? node.parent : node;
    const target =
      near?.kind === 'azure.subscription' || near?.kind === 'azure.resourceGroups'
        ? near
        : near?.kind === 'azure.storage'
          ? near
          : await this.#parts.subscription();
    if (target === undefined) return;
    const { connection, subscription } = target;
    const { displayName, subscriptionId } = subscription;
    const wish = { connection, subscriptionId, subscription: displayName };
    const form = storageForm(group === undefined ? wish : { ...wish, group });
    const begin: StorageAnswers = group === undefined ? {} : { group };
    const answers = await runForm<StorageAnswers>(form, begin);
    if (answers === null) return;
    const { location = '', name = '', redundancy = 'Standard_LRS' } = answers;
    const id = { subscriptionId, resourceGroup: answers.group ?? '', name };
    const refresh = () => this.#parts.refresh();
    const operation = { path: accountPath(id), verb: 'create', onAccepted: refresh } as const;
    await this.#parts.operations.run(connection, operation, async (following) => {
      if (answers.isNewGroup === true) {
        await createResourceGroup(connection, { subscriptionId, name: id.resourceGroup, location });
      }
      await createAccount(connection, { id, location, redundancy }, following);
    });
    refresh();
  }

  /** A container or a share, by what was clicked or is picked. */
  async createStore(node: AzureNode | undefined, kind: StoreKind): Promise<void> {
    const isWanted = (one: AzureNode): one is StoresNode =>
      one.kind === 'azure.stores' && one.storeKind === kind;
    const target = await this.#parts.picker.pick(node, {
      title: l10n.t('In which storage account?'),
      isOne: isWanted,
      leads: leadsToStores,
    });
    if (target === undefined) return;
    const name = await window.showInputBox({
      title:
        kind === 'container'
          ? l10n.t('Create Blob Container in {0}', target.parent.account.name)
          : l10n.t('Create File Share in {0}', target.parent.account.name),
      prompt: l10n.t('Name: 3 to 63 lower case letters, digits and single hyphens between them.'),
      ignoreFocusOut: true,
      validateInput: (text) =>
        storeNamePattern.test(text)
          ? null
          : l10n.t('3 to 63 lower case letters, digits and single hyphens between them.'),
    });
    if (name === undefined) return;
    await explained({ what: name, role: dataRole(kind) }, async () =>
      (await target.service()).create(name),
    );
    this.#parts.refresh(target);
  }

  /** In a share; in a container folders come with the first blob in them. */
  async createFolder(node: AzureNode | undefined): Promise<void> {
    const picked = await this.#parts.picker.pick(node, {
      title: l10n.t('In which share?'),
      isOne: isShareFolder,
      leads: leadsToShares,
    });
    if (picked === undefined) return;
    const name = await window.showInputBox({
      title: l10n.t('Create Directory in {0}', storageName(picked)),
      prompt: l10n.t('Name; with slashes, several below each other.'),
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[^\\:|<>*?"]+$/.test(text) && !text.split('/').some((part) => /^\.{0,2}$/.test(part))
          ? null
          : l10n.t('Something other than . and .., without the signs \\ : | < > * ? "'),
    });
    if (name === undefined) return;
    const store = storeOf(picked);
    const at = pathIn(picked);
    await explained({ what: name, role: dataRole('share') }, async () =>
      (await store.parent.service())
        .store(store.name)
        .makeFolder(at === '' ? name : `${at}/${name}`),
    );
    this.#parts.refresh(picked);
  }

  async remove(node: AzureNode | undefined): Promise<void> {
    const picked = await this.#parts.picker.pick(node, {
      title: l10n.t('Delete what?'),
      isOne: isRemovable,
      leads: leadsToFiles,
    });
    if (picked === undefined) return;
    switch (picked.kind) {
      case 'azure.storageAccount':
        return this.#removeAccount(picked);
      case 'azure.store':
        return this.#removeStore(picked);
      default:
        return this.#removeItem(picked);
    }
  }

  async #removeAccount({ account, parent }: StorageAccountNode): Promise<void> {
    const text = l10n.t(
      'Delete the storage account {0} with all its containers and shares? This cannot be undone.',
      account.name,
    );
    if (!(await typedName(account.name, text))) return;
    const { connection } = parent;
    const operation = { path: accountPath(account), verb: 'delete' } as const;
    await this.#parts.operations.run(connection, operation, (following) =>
      deleteAccount(connection, account, following),
    );
    this.#parts.refresh(parent);
  }

  async #removeStore({ name, parent }: StoreNode): Promise<void> {
    const text =
      parent.storeKind === 'container'
        ? l10n.t('Delete the container {0} with all its blobs? This cannot be undone.', name)
        : l10n.t('Delete the share {0} with all its files? This cannot be undone.', name);
    if (!(await typedName(name, text))) return;
    await explained({ what: name, role: dataRole(parent.storeKind) }, async () =>
      (await parent.service()).remove(name),
    );
    this.#parts.refresh(parent);
  }

  async #removeItem(node: Exclude<Removable, StorageAccountNode | StoreNode>): Promise<void> {
    const { item, parent, store } = node;
    const name = storageName(node);
    const text =
      item.kind === 'folder'
        ? l10n.t('Delete the folder {0} with all that is in it? This cannot be undone.', name)
        : l10n.t('Delete {0}? This cannot be undone.', name);
    if (!(await agreed(text, l10n.t('Delete')))) return;
    const attempt = { what: name, role: dataRole(store.parent.storeKind) };
    const title = l10n.t('Deleting {0}', name);
    await withProgress({
      title,
      run: (report, signal) =>
        explained(attempt, async () => {
          const opened = (await store.parent.service()).store(store.name);
          if (item.kind === 'file') await opened.removeFile(item.path, signal);
          else {
            const onProgress = (message: string) => report({ message });
            await removeBelow(opened, item.path, { signal, onProgress });
          }
        }),
    }).finally(() => this.#parts.refresh(parent)); // also what went before somebody cancelled
  }
}
