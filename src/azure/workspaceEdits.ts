/** Making and deleting workspaces, and what they need: a storage account, a key vault, insights. */
import type { AzureConnection } from './connection.ts';
import { startOperation } from './operations.ts';
import type { Following } from './operations.ts';
import { workspacePath } from './resourceIds.ts';
import type { WorkspaceId } from './resourceIds.ts';
import { accountBody } from './storage/storageAccounts.ts';
import { readAll } from './subscriptions.ts';

/** What a workspace is made with; each by its id. */
export interface NewWorkspace {
  readonly id: WorkspaceId;
  readonly location: string;
  readonly friendlyName: string;
  readonly storageAccount: string;
  readonly keyVault: string;
  readonly applicationInsights: string;
}

export const workspaceNamePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/;

function workspaceBody({
  applicationInsights,
  friendlyName,
  keyVault,
  location,
  storageAccount,
}: Omit<NewWorkspace, 'id'>): object {
  return {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { friendlyName, storageAccount, keyVault, applicationInsights },
  };
}

export async function createWorkspace(
  connection: AzureConnection,
  wanted: NewWorkspace,
  following: Following = {},
): Promise<void> {
  const path = workspacePath(wanted.id);
  const request = { method: 'PUT', path, body: workspaceBody(wanted) } as const;
  await startOperation(connection, { ...request, signal: following.signal }, following);
}

/** Its storage, key vault and insights stay. */
export async function deleteWorkspace(
  connection: AzureConnection,
  id: WorkspaceId,
  following: Following = {},
): Promise<void> {
  const request = { method: 'DELETE', path: workspacePath(id) } as const;
  await startOperation(connection, { ...request, signal: following.signal }, following);
}

export interface GenericResource {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** @param type `Microsoft.Storage/storageAccounts` */
export async function listResources(
  connection: AzureConnection,
  subscriptionId: string,
  type: string,
): Promise<readonly GenericResource[]> {
  const filter = encodeURIComponent(`resourceType eq '${type}'`);
  const path = `/subscriptions/${subscriptionId}/resources?$filter=${filter}`;
  const found = await readAll<Partial<GenericResource>>(connection, path);
  return found
    .map(({ id = '', location = '', name = '' }) => ({ id, location, name }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The kinds of resources that every workspace stands on. */
export const dependencyTypes = {
  storageAccount: 'Microsoft.Storage/storageAccounts',
  keyVault: 'Microsoft.KeyVault/vaults',
  applicationInsights: 'Microsoft.Insights/components',
} as const;

export type Dependency = keyof typeof dependencyTypes;

/** Versions of interfaces that we have no specification of, but for storage. */
const dependencyVersions: Readonly<Record<Dependency, string>> = {
  storageAccount: '2023-05-01',
  keyVault: '2023-07-01',
  applicationInsights: '2020-02-02',
};

export interface NewDependency {
  readonly dependency: Dependency;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  /** Of the directory that the key vault trusts. */
  readonly tenantId: string;
}

/** Makes what a workspace needs, in the form that Azure's own tools make it. @returns its id. */
export async function createDependency(
  connection: AzureConnection,
  wanted: NewDependency,
  following: Following = {},
): Promise<string> {
  const { dependency, name, resourceGroup, subscriptionId } = wanted;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${dependencyTypes[dependency]}/${name}`;
  const path = `${id}?api-version=${dependencyVersions[dependency]}`;
  const request = { method: 'PUT', path, body: dependencyBody(wanted) } as const;
  await startOperation(connection, { ...request, signal: following.signal }, following);
  return id;
}

function dependencyBody({ dependency, location, tenantId }: NewDependency): object {
  switch (dependency) {
    case 'storageAccount':
      return accountBody({ location, redundancy: 'Standard_LRS' });
    case 'keyVault':
      return {
        location,
        properties: { tenantId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] },
      };
    case 'applicationInsights':
      return { location, kind: 'web', properties: { Application_Type: 'web' } };
  }
}

/** Names from a workspace's: storage has lower case and digits only, vaults at most 24 characters. @param salt digits */
export function dependencyName(dependency: Dependency, workspace: string, salt: string): string {
  const plain = workspace
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 10);
  if (dependency === 'storageAccount') return `${plain}storage${salt}`.slice(0, 24);
  if (dependency === 'keyVault') return `${plain}-kv-${salt}`.slice(0, 24);
  return `${plain}-insights-${salt}`;
}
