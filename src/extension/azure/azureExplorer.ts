/** The Azure part of the extension as the rest of it sees it: a part of the Compute tree, and what its commands do. */
import path from 'node:path';
import { authentication, env, EventEmitter, l10n, window, workspace } from 'vscode';
import type {
  CompletionItem,
  Event,
  ExtensionContext,
  Position,
  TextDocument,
  TreeItem,
} from 'vscode';
import { listNodes, readCompute, readComputeJson, runComputeAction } from '../../azure/computes.ts';
import type { ComputeAction } from '../../azure/computes.ts';
import { explained } from '../../azure/explain.ts';
import { computePath, workspacePath } from '../../azure/resourceIds.ts';
import { listSubscriptions } from '../../azure/subscriptions.ts';
import { useLanguage } from '../../shared/language.ts';
import type { Disposes } from '../lifetime.ts';
import type { Log } from '../ui/guardedLog.ts';
import type { Problems } from '../ui/problems.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { demoAccounts, listAccounts, signInAnew, signInTarget } from './accounts.ts';
import type { AccountOptions } from './accounts.ts';
import { azureItem } from './azureItems.ts';
import type { AzureComputeNode, AzureNode, ComputesNode } from './azureNodes.ts';
import { AzurePicker } from './azurePicker.ts';
import { AzureTree } from './azureTree.ts';
import {
  chosenFile,
  checkComputeYaml,
  completeComputeYaml,
  readComputeFile,
} from './computeYaml.ts';
import { agreed, typedName } from './confirmations.ts';
import { ComputeCreation } from './computeCreation.ts';
import { ComputeAttachment } from './computeAttachment.ts';
import { computeDetails } from './computeDetails.ts';
import { connectInstance } from './connectInstance.ts';
import { DefaultWorkspace } from './defaultWorkspace.ts';
import { DemoCloud } from './demoCloud.ts';
import { DetailsFiles } from './detailsFile.ts';
import { detachText } from './detachText.ts';
import { money } from './money.ts';
import { InstanceReminder } from './instanceReminder.ts';
import { operationPath } from './operationPath.ts';
import { ResourceGroupActions } from './resourceGroupActions.ts';
import { RunningOperations } from './runningOperations.ts';
import { StorageActions } from './storage/storageActions.ts';
import { StoragePicker } from './storage/storagePicker.ts';
import { StorageTransfers } from './storage/storageTransfers.ts';
import { showWait } from './waits.ts';
import { WorkspaceActions } from './workspaceActions.ts';

export interface AzureParts {
  readonly context: ExtensionContext;
  readonly actions: ActionRunner;
  readonly log: Log;
}

const hiddenKey = 'trainbench.azure.hiddenSubscriptions';

/** Loads nothing of Azure's before somebody opens it: see `explorer/azureDoor.ts`. */
export async function openAzure(parts: AzureParts): Promise<AzureExplorer> {
  await useLanguage(env.language);
  return new AzureExplorer(parts);
}

export class AzureExplorer implements Disposes {
  readonly #parts: AzureParts;
  readonly #tree: AzureTree;
  readonly #demo = new DemoCloud();
  readonly #operations: RunningOperations;
  readonly #defaults: DefaultWorkspace;
  readonly #details: DetailsFiles;
  readonly #changed = new EventEmitter<AzureNode | undefined>();
  readonly #subscriptions: readonly Disposes[];
  #testProvider: string | null = null;
  readonly picker: AzurePicker;
  readonly creation: ComputeCreation;
  readonly attachment: ComputeAttachment;
  readonly workspaces: WorkspaceActions;
  readonly groups: ResourceGroupActions;
  readonly storage: StorageActions;
  readonly transfers: StorageTransfers;

  constructor(parts: AzureParts) {
    this.#parts = parts;
    const { actions, context } = parts;
    this.#operations = new RunningOperations(context.globalState, actions);
    this.#details = new DetailsFiles(context.storageUri ?? context.globalStorageUri);
    const reminder = new InstanceReminder({
      memory: context.globalState,
      stop: (node, compute) => this.#act(node, compute.name, 'stop'),
    });
    this.#tree = new AzureTree({
      actions,
      accounts: () => listAccounts(this.#accountOptions()),
      demo: () => demoAccounts(this.#accountOptions()),
      hidden: () => this.#hidden(),
      onSubscription: (node) => {
        const path = `/subscriptions/${node.subscription.subscriptionId}`;
        this.#operations.resume(node.connection, path, () => this.refresh(node));
      },
      onComputes: (node) => {
        const below = workspacePath(node.workspace);
        this.#operations.resume(node.connection, below, () => this.refresh(node));
        void actions.run('remind of running instances', () => reminder.look(node));
      },
    });
    const defaults = new DefaultWorkspace(context.globalState);
    this.picker = new AzurePicker({
      children: (node) => this.children(node),
      more: (node) => this.#tree.more(node),
      describe: (node) => String(this.item(node).description ?? ''),
      isDefault: ({ workspace: id }) => defaults.is(id),
    });
    const operations = this.#operations;
    this.creation = new ComputeCreation({
      operations,
      sizes: (connection) => this.#tree.sizes(connection),
      refresh: (node) => this.refresh(node),
      details: (node, compute) => this.#detailsOf(node, compute),
    });
    this.attachment = new ComputeAttachment({ creation: this.creation, operations });
    this.workspaces = new WorkspaceActions({
      operations,
      defaults,
      picker: this.picker,
      refresh: (node) => this.refresh(node),
    });
    const storagePicker = this.#storagePicker();
    const refresh = (node?: AzureNode) => this.refresh(node);
    const { picker } = this;
    this.groups = new ResourceGroupActions({ operations, picker, storagePicker, refresh });
    const subscription = () => picker.subscription();
    this.storage = new StorageActions({
      ...{ operations, subscription, refresh },
      picker: storagePicker,
    });
    this.transfers = new StorageTransfers({ picker: storagePicker, refresh });
    this.#defaults = defaults;
    this.#subscriptions = this.#subscribe();
  }

  /** Undefined: everything of Azure. */
  get onDidChange(): Event<AzureNode | undefined> {
    return this.#changed.event;
  }

  children(node?: AzureNode): Promise<readonly AzureNode[]> {
    return this.#tree.children(node);
  }

  item(node: AzureNode): TreeItem {
    const isDefault = node.kind === 'azure.workspace' && this.#defaults.is(node.workspace);
    const place = operationPath(node);
    const operations = this.#operations;
    const busy = place === null ? null : operations.busy(place.connection, place.path);
    const busyDetails = place === null ? [] : operations.details(place.connection, place.path);
    return azureItem(node, { busy, busyDetails, isDefault });
  }

  /** Reads anew what is at and below a node. */
  refresh(node?: AzureNode): void {
    const isLeaf = ['azure.compute', 'azure.group', 'azure.storeFile'].includes(node?.kind ?? '');
    const read = isLeaf && node !== undefined && 'parent' in node ? node.parent : node;
    this.#tree.forget(read);
    this.#changed.fire(read);
  }

  async signIn(node?: AzureNode): Promise<void> {
    if (node?.kind === 'azure.tenant') await node.account.signIn?.(node.tenant.tenantId);
    else if (node?.kind === 'azure.account') await node.account.signIn?.();
    else await signInAnew(this.#testProvider);
    this.refresh();
  }

  async openDemo(): Promise<void> {
    await this.#demo.open();
    this.refresh();
  }

  async loadMore(node: AzureNode): Promise<void> {
    if (node.kind !== 'azure.more') return;
    await this.#tree.more(node.parent);
    this.#changed.fire(node.parent);
  }

  /** Chooses among the subscriptions of all accounts. */
  async filter(): Promise<void> {
    const hidden = this.#hidden();
    const found = await window.withProgress({ location: { viewId: 'trainbench.compute' } }, () =>
      this.#allSubscriptions(),
    );
    const items = found.map(({ displayName, subscriptionId }) => ({
      label: displayName,
      description: subscriptionId,
      picked: !hidden.includes(subscriptionId),
    }));
    const title = l10n.t('Which subscriptions should be shown?');
    const shown = await window.showQuickPick(items, { title, canPickMany: true });
    if (shown === undefined) return;
    const kept = shown.map(({ description }) => description);
    const seen = items.map(({ description }) => description);
    const now = [
      ...hidden.filter((id) => !seen.includes(id)),
      ...seen.filter((id) => !kept.includes(id)),
    ];
    await this.#parts.context.globalState.update(hiddenKey, now);
    this.refresh();
  }

  /** All that is known of a compute, as a document. */
  async showDetails({ compute, parent, price }: AzureComputeNode): Promise<void> {
    const { connection, workspace: place } = parent;
    const { name } = compute;
    const attempt = { what: name, role: 'Reader' } as const;
    const isCluster = compute.properties?.computeType === 'AmlCompute';
    const [read, json, nodes] = await explained(attempt, () =>
      Promise.all([
        readCompute(connection, place, name),
        readComputeJson(connection, place, name),
        isCluster ? listNodes(connection, place, name) : [],
      ]),
    );
    const busy = this.#operations.busy(connection, computePath(place, name));
    const facts = { compute: read, json, nodes, price, busy, readAt: new Date() };
    const text = computeDetails(
      facts,
      (message, ...args) => l10n.t(message, ...args),
      env.language,
    );
    const id = `${connection.cloud.endpoint}${computePath(place, name)}`;
    await this.#details.show({ name, id, text });
  }

  /** Makes what a YAML file describes. @param file of a menu; else the one in the editor. */
  async createFromYaml(file: unknown, problems: Problems): Promise<void> {
    const chosen = chosenFile(file);
    const compute = await readComputeFile(chosen, problems);
    const target = await this.picker.computesFor(undefined);
    if (target === undefined) return;
    const { type } = compute.kind;
    if (type === 'amlcompute' || type === 'computeinstance') {
      await this.creation.fromDocument(target, compute);
    } else await this.attachment.fromDocument(target, compute, path.dirname(chosen.fsPath));
  }

  checkYaml(document: TextDocument, problems: Problems): void {
    checkComputeYaml(document, problems);
  }

  completeYaml(document: TextDocument, position: Position): CompletionItem[] {
    return completeComputeYaml(document, position);
  }

  /** Opens a way into an instance: its applications, or the command for SSH. */
  async connect({ compute: { name }, parent }: AzureComputeNode): Promise<void> {
    const attempt = { what: name, role: 'Reader' } as const;
    const read = await explained(attempt, () =>
      readCompute(parent.connection, parent.workspace, name),
    );
    await connectInstance(read, parent);
  }

  /** Starts, stops, restarts, deletes or detaches; what cannot be undone or costs money is asked for first. */
  async act(node: AzureComputeNode, verb: ComputeAction['verb']): Promise<void> {
    if (!(await confirmed(node, verb))) return;
    await this.#act(node.parent, node.compute.name, verb);
  }

  /** For tests: accounts of another provider, which only ever meets a custom endpoint. */
  useTestProvider(id: string): void {
    this.#testProvider = id;
    this.refresh();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#operations.dispose();
    this.#details.dispose();
    this.#demo.dispose();
    this.#changed.dispose();
  }

  async #act(parent: ComputesNode, name: string, verb: ComputeAction['verb']): Promise<void> {
    const { connection, workspace: place } = parent;
    await this.#operations.run(connection, { path: computePath(place, name), verb }, (following) =>
      runComputeAction(connection, { workspace: place, compute: name, verb }, following),
    );
    this.refresh(parent);
  }

  /** Of one that the tree may not have read yet. */
  async #detailsOf(parent: ComputesNode, name: string): Promise<void> {
    const { connection, workspace: place } = parent;
    const attempt = { what: name, role: 'Reader' } as const;
    const compute = await explained(attempt, () => readCompute(connection, place, name));
    const id = `${parent.id}/${name}`;
    await this.showDetails({ kind: 'azure.compute', id, parent, compute, price: null });
  }

  #subscribe(): readonly Disposes[] {
    return [
      this.#operations.onDidChange(() => this.#changed.fire(undefined)),
      authentication.onDidChangeSessions(({ provider: { id } }) => {
        if (id === signInTarget(this.#testProvider).provider) this.refresh();
      }),
      workspace.onDidChangeConfiguration((change) => {
        const own = ['trainbench.azure', 'microsoft-sovereign-cloud'];
        if (own.some((section) => change.affectsConfiguration(section))) this.refresh();
      }),
    ];
  }

  #storagePicker(): StoragePicker {
    return new StoragePicker({
      children: (node) => this.children(node),
      describe: (node) => this.#described(node),
      subscription: () => this.picker.subscription(),
      more: (node) => this.loadMore(node),
    });
  }

  #described(node: AzureNode): { readonly label: string; readonly description: string } {
    const { description, label } = this.item(node);
    const text = typeof label === 'string' ? label : (label?.label ?? '');
    return { label: text, description: String(description ?? '') };
  }

  #accountOptions(): AccountOptions {
    const { log } = this.#parts;
    return {
      parts: { log: (line) => log.info(line), onWait: showWait },
      testProvider: this.#testProvider,
      demo: this.#demo.endpoint,
    };
  }

  #hidden(): readonly string[] {
    return this.#parts.context.globalState.get<readonly string[]>(hiddenKey, []);
  }

  async #allSubscriptions() {
    const options = this.#accountOptions();
    const demo = demoAccounts(options);
    const others = await listAccounts(options).catch((error: unknown) => {
      if (demo.length === 0) throw error;
      return []; // the tree tells of it
    });
    const accounts = [...demo, ...others];
    const found = await Promise.all(
      accounts.map(async (account) => {
        const attempt = { what: account.label, role: 'Reader' } as const;
        const access = await explained(attempt, () => account.access());
        const lists = access.flatMap(({ connection }) =>
          connection === null ? [] : [explained(attempt, () => listSubscriptions(connection))],
        );
        return (await Promise.all(lists)).flat();
      }),
    );
    const byId = new Map(found.flat().map((found) => [found.subscriptionId, found]));
    return [...byId.values()];
  }
}

/** What cannot be undone is confirmed by typing the name; what ends work or costs money by a button that says so. */
async function confirmed(node: AzureComputeNode, verb: ComputeAction['verb']): Promise<boolean> {
  const { name } = node.compute;
  switch (verb) {
    case 'delete':
      return typedName(
        name,
        l10n.t('Delete {0} and all that is on it? This cannot be undone.', name),
      );
    case 'detach':
      return typedName(name, detachText(node.compute));
    case 'restart':
      return agreed(l10n.t('Restart {0}? What runs on it ends.', name), l10n.t('Restart'));
    case 'start':
      return agreed(startText(node), l10n.t('Start'));
    case 'stop':
      return agreed(
        l10n.t('Stop {0}? What runs on it ends; its disk stays.', name),
        l10n.t('Stop'),
      );
  }
}

function startText({ compute: { name }, price }: AzureComputeNode): string {
  if (price === null) return l10n.t('Start {0}? It bills until it is stopped.', name);
  return l10n.t('Start {0}? It bills {1} an hour until it is stopped.', name, money(price));
}
