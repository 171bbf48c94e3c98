/** Resource groups: listed, made, looked into, deleted with all that is in them. */
import type { AzureConnection } from './connection.ts';
import { startOperation } from './operations.ts';
import type { Following } from './operations.ts';
import { readAll } from './subscriptions.ts';

export interface ResourceGroupId {
  readonly subscriptionId: string;
  readonly name: string;
}

export interface ResourceGroup extends ResourceGroupId {
  readonly location: string;
  readonly provisioningState: string | undefined;
}

/** Anything that lies in a group. */
export interface GroupedResource {
  readonly id: string;
  readonly name: string;
  /** `Microsoft.Storage/storageAccounts` */
  readonly type: string;
  readonly location: string;
}

/** Up to 90 of these, no point at the end. */
export const groupNamePattern = /^[\w().-]{0,89}[\w()-]$/;

export function groupPath({ name, subscriptionId }: ResourceGroupId): string {
  return `/subscriptions/${subscriptionId}/resourcegroups/${name}`;
}

interface RawGroup {
  readonly name?: string;
  readonly location?: string;
  readonly properties?: { readonly provisioningState?: string };
}

/** By name. */
export async function listResourceGroups(
  connection: AzureConnection,
  subscriptionId: string,
): Promise<readonly ResourceGroup[]> {
  const found = await readAll<RawGroup>(
    connection,
    `/subscriptions/${subscriptionId}/resourcegroups`,
  );
  return found
    .map(({ location = '', name = '', properties }) => ({
      subscriptionId,
      name,
      location,
      provisioningState: properties?.provisioningState,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Is over with the answer. Costs nothing. */
export async function createResourceGroup(
  connection: AzureConnection,
  group: ResourceGroupId & { readonly location: string },
): Promise<void> {
  const path = groupPath(group);
  await connection.send({ method: 'PUT', path, body: { location: group.location } });
}

/** Names and kinds of all that a deletion takes along, by kind. */
export async function listInGroup(
  connection: AzureConnection,
  group: ResourceGroupId,
  signal?: AbortSignal,
): Promise<readonly GroupedResource[]> {
  const path = `${groupPath(group)}/resources`;
  const found = await readAll<Partial<GroupedResource>>(connection, path, signal);
  return found
    .map(({ id = '', location = '', name = '', type = '' }) => ({ id, location, name, type }))
    .sort((a, b) => a.type.localeCompare(b.type) || a.name.localeCompare(b.name));
}

export async function deleteResourceGroup(
  connection: AzureConnection,
  group: ResourceGroupId,
  following: Following = {},
): Promise<void> {
  const request = { method: 'DELETE', path: groupPath(group) } as const;
  await startOperation(connection, { ...request, signal: following.signal }, following);
}
