/** The Azure part of the extension as the rest of it sees it: a part of the Compute tree, and what its commands do. */
import { authentication, env, EventEmitter, l10n, window, workspace } from 'vscode';
import type { Event, ExtensionContext, TreeItem } from 'vscode';
import { listNodes, readCompute, readComputeJson } from '../../azure/computes.ts';
import type { ComputeAction } from '../../azure/computes.ts';
import { explained } from '../../azure/explain.ts';
import { computePath } from '../../azure/resourceIds.ts';
import { listSubscriptions } from '../../azure/subscriptions.ts';
import { useLanguage } from '../../shared/language.ts';
import type { Disposes } from '../lifetime.ts';
import type { Log } from '../ui/guardedLog.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { demoAccounts, listAccounts, signInAnew, signInTarget } from './accounts.ts';
import type { AccountOptions } from './accounts.ts';
import { azureItem } from './azureItems.ts';
import type { AzureComputeNode, AzureNode } from './azureNodes.ts';
import { AzureTree } from './azureTree.ts';
import { computeDetails } from './computeDetails.ts';
import { DemoCloud } from './demoCloud.ts';
import { showDetailsFile } from './detailsFile.ts';
import { RunningOperations } from './runningOperations.ts';
import { showWait } from './waits.ts';

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
  readonly #changed = new EventEmitter<AzureNode | undefined>();
  readonly #subscriptions: readonly Disposes[];
  #testProvider: string | null = null;

  constructor(parts: AzureParts) {
    this.#parts = parts;
    const { actions, context } = parts;
    this.#operations = new RunningOperations(context.globalState, actions);
    this.#tree = new AzureTree({
      actions,
      accounts: () => listAccounts(this.#accountOptions()),
      demo: () => demoAccounts(this.#accountOptions()),
      hidden: () => this.#hidden(),
      onComputes: (node) =>
        this.#operations.resume(node.connection, node.workspace, () => this.refresh(node)),
    });
    this.#subscriptions = [
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

  /** Undefined: everything of Azure. */
  get onDidChange(): Event<AzureNode | undefined> {
    return this.#changed.event;
  }

  children(node?: AzureNode): Promise<readonly AzureNode[]> {
    return this.#tree.children(node);
  }

  item(node: AzureNode): TreeItem {
    const isCompute = node.kind === 'azure.compute';
    const { connection, workspace: place } = isCompute ? node.parent : {};
    const busy =
      !isCompute || connection === undefined || place === undefined
        ? null
        : this.#operations.busy(connection, place, node.compute.name);
    return azureItem(node, busy);
  }

  /** Reads anew what is at and below a node. */
  refresh(node?: AzureNode): void {
    const read =
      node?.kind === 'azure.compute' || node?.kind === 'azure.group' ? node.parent : node;
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
    const busy = this.#operations.busy(connection, place, name);
    const facts = { compute: read, json, nodes, price, busy, readAt: new Date() };
    const text = computeDetails(
      facts,
      (message, ...args) => l10n.t(message, ...args),
      env.language,
    );
    const storage = this.#parts.context.globalStorageUri;
    const id = `${connection.cloud.endpoint}${computePath(place, name)}`;
    await showDetailsFile({ storage, name, id, text });
  }

  /** For the palette: one of all that are there. */
  async pickCompute(
    purpose: ComputeAction['verb'] | 'details',
  ): Promise<AzureComputeNode | undefined> {
    const title = l10n.t('Which compute?');
    const found = window.withProgress({ location: { viewId: 'trainbench.compute' } }, () =>
      this.#allComputes(purpose),
    );
    const items = found.then((nodes) =>
      nodes.map((node) => {
        const { description = '' } = this.item(node);
        const { name, resourceGroup } = node.parent.workspace;
        return {
          label: node.compute.name,
          description: String(description),
          detail: `${resourceGroup} / ${name}`,
          node,
        };
      }),
    );
    const chosen = await window.showQuickPick(items, { title, matchOnDetail: true });
    return chosen?.node;
  }

  /** Starts, stops, restarts, deletes or detaches; what cannot be undone or costs money is asked for first. */
  async act(node: AzureComputeNode, verb: ComputeAction['verb']): Promise<void> {
    if (!(await confirmed(node, verb))) return;
    const { compute, parent } = node;
    const { connection, workspace: place } = parent;
    await this.#operations.run(connection, { workspace: place, compute: compute.name, verb });
    this.refresh(parent);
  }

  /** For tests: accounts of another provider, which only ever meets a custom endpoint. */
  useTestProvider(id: string): void {
    this.#testProvider = id;
    this.refresh();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#operations.dispose();
    this.#demo.dispose();
    this.#changed.dispose();
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

  /** All that the tree has or can read, which the purpose fits. */
  async #allComputes(purpose: ComputeAction['verb'] | 'details'): Promise<AzureComputeNode[]> {
    const below = async (node?: AzureNode): Promise<AzureComputeNode[]> => {
      if (node?.kind === 'azure.compute') return [node];
      const children = await this.children(node);
      return (await Promise.all(children.map(below))).flat();
    };
    const power = ['start', 'stop', 'restart'].includes(purpose);
    return (await below()).filter(({ compute: { properties } }) => {
      if (power) return properties?.computeType === 'ComputeInstance';
      if (purpose === 'detach') return properties?.isAttachedCompute === true;
      return purpose !== 'delete' || properties?.isAttachedCompute !== true;
    });
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
      return typed(name, l10n.t('Delete {0} and all that is on it? This cannot be undone.', name));
    case 'detach':
      return typed(
        name,
        l10n.t('Detach {0}? What it stands for stays, and goes on billing.', name),
      );
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
  const style = { style: 'currency', currency: price.currency } as const;
  const amount = new Intl.NumberFormat(env.language, style).format(price.amount);
  return l10n.t('Start {0}? It bills {1} an hour until it is stopped.', name, amount);
}

async function agreed(text: string, button: string): Promise<boolean> {
  return (await window.showWarningMessage(text, { modal: true }, button)) === button;
}

async function typed(name: string, title: string): Promise<boolean> {
  const text = await window.showInputBox({
    title,
    prompt: l10n.t('Type {0} to go on.', name),
    placeHolder: name,
    ignoreFocusOut: true,
  });
  return text === name;
}
