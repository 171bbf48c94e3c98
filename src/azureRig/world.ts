/** What the played cloud holds: plain data in the service's own form, kept in memory. */
import type { RigStore } from './storage/stores.ts';

/** Time as the rig sees it, in milliseconds; tests move it by hand. */
export interface Clock {
  now(): number;
}

export interface RigTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** The account has to sign in there by itself. */
  readonly needsSignIn: boolean;
}

export interface RigSubscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly tenantId: string;
}

/** Anything else of Azure's: a storage account, an identity, a network. */
export interface RigResource {
  readonly id: string;
  readonly location: string;
  /** As it was sent, or made up. */
  readonly body: Readonly<Record<string, unknown>>;
  /** It is being made. */
  change?: Change | null;
}

export interface RigGroup {
  readonly subscriptionId: string;
  readonly name: string;
  readonly location: string;
  /** It is being deleted, with all that is in it. */
  readonly change?: Change;
}

export interface RigLocation {
  readonly name: string;
  readonly displayName: string;
  readonly geography: string;
}

export interface RigWorkspace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  /** By name in lower case, in the order of their making. */
  readonly computes: Map<string, RigCompute>;
  /** What was sent to make it; empty for those that were there. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** It is being made or deleted. */
  change?: Change | null;
}

/** What is under way at a compute. */
export interface Change {
  readonly verb: 'create' | 'resize' | 'start' | 'stop' | 'restart' | 'delete' | 'detach';
  readonly begun: number;
  readonly over: number;
  /** It fails at its end with this. */
  readonly error: RigError | null;
}

export interface RigError {
  readonly code: string;
  readonly message: string;
}

export interface RigCompute {
  readonly name: string;
  readonly location: string;
  readonly createdAt: number;
  modifiedAt: number;
  /** `identity`, `tags`, `sku` of the resource. */
  envelope: Readonly<Record<string, unknown>>;
  /** `properties` as they were sent. */
  properties: ComputeProperties;
  state: ComputeState;
  change: Change | null;
}

export interface ComputeProperties {
  readonly computeType: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

export interface ComputeState {
  provisioning: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  /** Of an instance: `Running`, `Stopped`, ... */
  instance: string;
  /** Nodes of a cluster. */
  nodes: NodeCounts;
  targetNodes: number;
  errors: readonly RigError[];
}

export interface NodeCounts {
  readonly idle: number;
  readonly running: number;
  readonly preparing: number;
  readonly leaving: number;
  readonly unusable: number;
  readonly preempted: number;
}

export const noNodes: NodeCounts = {
  idle: 0,
  running: 0,
  preparing: 0,
  leaving: 0,
  unusable: 0,
  preempted: 0,
};

export interface World {
  readonly account: string;
  readonly tenants: readonly RigTenant[];
  readonly subscriptions: readonly RigSubscription[];
  workspaces: readonly RigWorkspace[];
  readonly locations: readonly RigLocation[];
  groups: readonly RigGroup[];
  resources: readonly RigResource[];
  /** What lies in the storage accounts. */
  readonly stores: RigStore[];
}

export function workspaceId({
  subscriptionId,
  resourceGroup,
  name,
}: Pick<RigWorkspace, 'subscriptionId' | 'resourceGroup' | 'name'>): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
}

export interface NewCompute {
  readonly name: string;
  readonly properties: ComputeProperties;
  readonly envelope?: Readonly<Record<string, unknown>>;
  readonly state?: Partial<ComputeState>;
  readonly createdAt?: number;
  /** Of the workspace where it is absent. */
  readonly location?: string;
}

/** Puts a compute there as if it had been there before. */
export function addCompute(
  workspace: RigWorkspace,
  { name, properties, envelope = {}, state = {}, createdAt = 0, location }: NewCompute,
): RigCompute {
  const compute: RigCompute = {
    name,
    location: location ?? workspace.location,
    createdAt,
    modifiedAt: createdAt,
    envelope,
    properties,
    state: {
      provisioning: 'Succeeded',
      instance: 'Running',
      nodes: noNodes,
      targetNodes: 0,
      errors: [],
      ...state,
    },
    change: null,
  };
  workspace.computes.set(name.toLowerCase(), compute);
  return compute;
}
