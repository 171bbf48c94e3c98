/** For the palette, which passes no node: picks a compute or a workspace among all that the tree has or can read. */
import { l10n, window } from 'vscode';
import type { OperationVerb } from './runningOperations.ts';
import type {
  AzureComputeNode,
  AzureNode,
  ComputesNode,
  MoreNode,
  SubscriptionNode,
  WorkspaceNode,
} from './azureNodes.ts';

export type ComputePurpose =
  OperationVerb | 'details' | 'scale' | 'identity' | 'yaml' | 'connect' | 'reattach';

export interface PickerParts {
  readonly children: (node?: AzureNode) => Promise<readonly AzureNode[]>;
  /** Reads one more page of a list, which its children show then. */
  readonly more: (node: MoreNode['parent']) => Promise<void>;
  /** What the tree says beside a node. */
  readonly describe: (node: AzureNode) => string;
  /** Comes first and says why. Null where it is not there. */
  readonly isDefault: (node: WorkspaceNode) => boolean;
}

/** A node, and by which account and subscription it is reached: names count within these only. */
interface Found<Node> {
  readonly node: Node;
  /** `ada@example.org / Production` */
  readonly where: string;
}

export class AzurePicker {
  readonly #parts: PickerParts;

  constructor(parts: PickerParts) {
    this.#parts = parts;
  }

  async compute(purpose: ComputePurpose): Promise<AzureComputeNode | undefined> {
    const title = l10n.t('Which compute?');
    const items = busily(() => this.#allComputes(purpose)).then((nodes) =>
      nodes.map(({ node, where }) => {
        const { name, resourceGroup } = node.parent.workspace;
        return {
          label: node.compute.name,
          description: this.#parts.describe(node),
          detail: `${where} / ${resourceGroup} / ${name}`,
          node,
        };
      }),
    );
    const chosen = await window.showQuickPick(items, { title, matchOnDetail: true });
    return chosen?.node;
  }

  async workspace(): Promise<WorkspaceNode | undefined> {
    const title = l10n.t('Which workspace?');
    const items = busily(() => this.#rankedWorkspaces()).then((found) =>
      found.map(({ node, where }) => ({
        label: node.workspace.name,
        description: this.#parts.describe(node),
        detail: where,
        node,
      })),
    );
    const options = { title, matchOnDescription: true, matchOnDetail: true };
    return (await window.showQuickPick(items, options))?.node;
  }

  async subscription(): Promise<SubscriptionNode | undefined> {
    const title = l10n.t('Which subscription?');
    const items = busily(() => this.#all(isSubscription)).then((nodes) =>
      nodes.map(({ node, where }) => ({
        label: node.subscription.displayName,
        description: node.subscription.subscriptionId,
        detail: where,
        node,
      })),
    );
    const chosen = await window.showQuickPick(items, { title, matchOnDescription: true });
    return chosen?.node;
  }

  /** The folder of computes of what was clicked; of a workspace that the user picks where that tells none. */
  async computesFor(node: AzureNode | undefined): Promise<ComputesNode | undefined> {
    if (node?.kind === 'azure.computes') return node;
    if (node?.kind === 'azure.group' || node?.kind === 'azure.compute') return node.parent;
    const workspace = node?.kind === 'azure.workspace' ? node : await this.workspace();
    if (workspace === undefined) return undefined;
    const below = await this.#parts.children(workspace);
    return below.find((child) => child.kind === 'azure.computes');
  }

  /** The default first. */
  async allWorkspaces(): Promise<readonly WorkspaceNode[]> {
    return (await this.#rankedWorkspaces()).map(({ node }) => node);
  }

  async #rankedWorkspaces(): Promise<readonly Found<WorkspaceNode>[]> {
    const rank = ({ node }: Found<WorkspaceNode>) => (this.#parts.isDefault(node) ? 0 : 1);
    return (await this.#all(isWorkspace)).sort((a, b) => rank(a) - rank(b));
  }

  async #allComputes(purpose: ComputePurpose): Promise<Found<AzureComputeNode>[]> {
    return (await this.#all(isCompute)).filter(({ node }) => fits(purpose, node));
  }

  /** Reads the tree down to nodes of a kind; not what is stored in accounts, which has no end. */
  async #all<Node extends AzureNode>(
    isOne: (node: AzureNode) => node is Node,
  ): Promise<Found<Node>[]> {
    const below = async (node: AzureNode | undefined, way: readonly string[]) => {
      if (node !== undefined && isOne(node)) return [{ node, where: way.join(' / ') }];
      if (node !== undefined && !leading.includes(node.kind)) return [];
      const children = await this.#complete(node);
      const here = [...way, ...stationOf(node)];
      const found: Found<Node>[][] = await Promise.all(children.map((child) => below(child, here)));
      return found.flat();
    };
    return below(undefined, []);
  }

  /** The tree stops at a page; who picks by name wants all of them. */
  async #complete(node: AzureNode | undefined): Promise<readonly AzureNode[]> {
    for (;;) {
      const children = await this.#parts.children(node);
      const more = children.find((child) => child.kind === 'azure.more');
      if (more === undefined) return children;
      try {
        await this.#parts.more(more.parent);
      } catch {
        return children; // those that are read can be picked; a look at the tree says what is the matter
      }
    }
  }
}

/** Nodes on the way to workspaces and computes. */
const leading: readonly AzureNode['kind'][] = [
  'azure.account',
  'azure.subscription',
  'azure.workspace',
  'azure.computes',
  'azure.group',
];

function stationOf(node: AzureNode | undefined): readonly string[] {
  if (node?.kind === 'azure.account') return [node.account.label];
  return node?.kind === 'azure.subscription' ? [node.subscription.displayName] : [];
}

function isSubscription(node: AzureNode): node is SubscriptionNode {
  return node.kind === 'azure.subscription';
}

function isWorkspace(node: AzureNode): node is WorkspaceNode {
  return node.kind === 'azure.workspace';
}

function isCompute(node: AzureNode): node is AzureComputeNode {
  return node.kind === 'azure.compute';
}

function fits(purpose: ComputePurpose, { compute: { properties } }: AzureComputeNode): boolean {
  const isOwn = properties?.isAttachedCompute !== true;
  switch (purpose) {
    case 'start':
    case 'stop':
    case 'restart':
    case 'connect':
      return properties?.computeType === 'ComputeInstance';
    case 'scale':
    case 'resize':
      return properties?.computeType === 'AmlCompute';
    case 'identity':
      return (
        properties?.computeType === 'AmlCompute' || properties?.computeType === 'ComputeInstance'
      );
    case 'detach':
    case 'reattach':
      return !isOwn || properties?.computeType === 'AKS';
    case 'delete':
      return isOwn;
    default:
      return true;
  }
}

function busily<T>(work: () => Promise<T>): Promise<T> {
  return Promise.resolve(window.withProgress({ location: { viewId: 'trainbench.compute' } }, work));
}
