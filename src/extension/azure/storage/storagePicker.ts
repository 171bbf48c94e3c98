/** For the palette, which passes no node: leads level by level to a place in storage, or to a resource group. */
import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { AzureNode, SubscriptionNode } from '../azureNodes.ts';
import type { ResourceGroupNode } from './storageNodes.ts';

export interface StoragePickerParts {
  readonly children: (node: AzureNode) => Promise<readonly AzureNode[]>;
  /** What the tree calls a node, and what it says beside it. */
  readonly describe: (node: AzureNode) => { readonly label: string; readonly description: string };
  readonly subscription: () => Promise<SubscriptionNode | undefined>;
  readonly more: (node: AzureNode) => Promise<void>;
}

type IsOne<Node extends AzureNode> = (node: AzureNode) => node is Node;

/** What is looked for. */
export interface Wish<Node extends AzureNode> {
  /** `Download what?` */
  readonly title: string;
  readonly isOne: IsOne<Node>;
  /** It may lie below such a node. */
  readonly leads: (node: AzureNode) => boolean;
}

export function ofKinds<Node extends AzureNode>(kinds: readonly Node['kind'][]): IsOne<Node> {
  return (node): node is Node => (kinds as readonly string[]).includes(node.kind);
}

export const isGroup = ofKinds<ResourceGroupNode>(['azure.resourceGroup']);
export const leadsToGroups = ofKinds<AzureNode>(['azure.resourceGroups']);
export const leadsToAccounts = ofKinds<AzureNode>(['azure.storage', 'azure.more']);
export const leadsToStores = ofKinds<AzureNode>([
  'azure.storage',
  'azure.storageAccount',
  'azure.more',
]);
export const leadsToFiles = ofKinds<AzureNode>([
  'azure.storage',
  'azure.storageAccount',
  'azure.stores',
  'azure.store',
  'azure.storeFolder',
  'azure.more',
]);

type Item = QuickPickItem & { readonly node: AzureNode; readonly isHere: boolean };

export class StoragePicker {
  readonly #parts: StoragePickerParts;

  constructor(parts: StoragePickerParts) {
    this.#parts = parts;
  }

  /**
   * @param from what was clicked: taken where it is what is wanted, else looked below. Undefined asks from the subscription on.
   * @returns undefined where the user gave up, or where there is nothing of the kind
   */
  async pick<Node extends AzureNode>(
    from: AzureNode | undefined,
    wish: Wish<Node>,
  ): Promise<Node | undefined> {
    const { isOne } = wish;
    if (from !== undefined && isOne(from)) return from;
    let at = from ?? (await this.#parts.subscription());
    while (at !== undefined) {
      const chosen: Item | undefined = await this.#level(at, wish);
      if (chosen === undefined) return undefined;
      const { isHere, node } = chosen;
      if (node.kind === 'azure.more') await this.#parts.more(node);
      else if (isOne(node) && (isHere || isLeaf(node))) return node;
      else at = node;
    }
    return undefined;
  }

  /** One list; levels with a single way on are passed by. */
  async #level<Node extends AzureNode>(
    at: AzureNode,
    { isOne, leads, title }: Wish<Node>,
  ): Promise<Item | undefined> {
    const items = async (): Promise<readonly Item[]> => {
      const below = await this.#parts.children(at);
      const ways = below.filter((node) => isOne(node) || leads(node));
      const here = isOne(at) ? [this.#item(at, true)] : [];
      return [...here, ...ways.map((node) => this.#item(node, false))];
    };
    const found = await busily(items);
    const [only] = found;
    if (found.length === 1 && only !== undefined && passes(only.node)) return only;
    if (only === undefined)
      void window.showInformationMessage(l10n.t('There is nothing to choose from'));
    const place = this.#parts.describe(at).label;
    const placeHolder = place === '' ? title : `${title} (${place})`;
    return found.length === 0
      ? undefined
      : window.showQuickPick(found, { title, placeHolder, matchOnDescription: true });
  }

  #item(node: AzureNode, isHere: boolean): Item {
    const { description, label } = this.#parts.describe(node);
    if (!isHere) return { label, description, node, isHere };
    return { label: `$(check) ${l10n.t('Here: {0}', label)}`, node, isHere };
  }
}

/** The folders that only sort what is below them. */
function passes(node: AzureNode): boolean {
  return ['azure.storage', 'azure.resourceGroups', 'azure.stores'].includes(node.kind);
}

function isLeaf(node: AzureNode): boolean {
  return ['azure.storeFile', 'azure.resourceGroup', 'azure.stores'].includes(node.kind);
}

function busily<T>(work: () => Promise<T>): Promise<T> {
  return Promise.resolve(window.withProgress({ location: { viewId: 'trainbench.compute' } }, work));
}
