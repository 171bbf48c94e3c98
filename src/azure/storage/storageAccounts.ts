/** Storage accounts as the resource manager has them: listed, made, deleted, and their keys. */
import type { AzureConnection } from '../connection.ts';
import { startOperation } from '../operations.ts';
import type { Following } from '../operations.ts';
import { PagedList } from '../pagedList.ts';
import { rawPage } from '../subscriptions.ts';

export interface StorageAccountId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

export interface StorageAccount extends StorageAccountId {
  /** `eastus` */
  readonly location: string;
  /** `Standard_LRS` */
  readonly sku: string;
  readonly provisioningState: string | undefined;
  /** Addresses of its services, with a slash at the end; undefined for a service that its kind has not. */
  readonly blobs: string | undefined;
  readonly files: string | undefined;
  /** Signatures by its keys are taken; else only people's own identities. */
  readonly takesKeys: boolean;
}

/** 3 to 24 lower case letters and digits, one in all of Azure. */
export const accountNamePattern = /^[a-z0-9]{3,24}$/;

export const redundancies = [
  'Standard_LRS',
  'Standard_ZRS',
  'Standard_GRS',
  'Standard_GZRS',
] as const;
export type Redundancy = (typeof redundancies)[number];

export function accountPath({ name, resourceGroup, subscriptionId }: StorageAccountId): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${name}`;
}

interface RawAccount {
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  readonly sku?: { readonly name?: string };
  readonly properties?: {
    readonly provisioningState?: string;
    readonly primaryEndpoints?: { readonly blob?: string; readonly file?: string };
    readonly allowSharedKeyAccess?: boolean | null;
  };
}

/** Those of a subscription, as far as they are read. */
export function accountsOf(
  connection: AzureConnection,
  subscriptionId: string,
): PagedList<StorageAccount> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`;
  return new PagedList(async (address) => {
    const page = await rawPage<RawAccount>(connection, address ?? path);
    return { ...page, items: page.items.flatMap(storageAccount) };
  });
}

function storageAccount({
  id = '',
  location,
  name,
  properties,
  sku,
}: RawAccount): StorageAccount[] {
  const parts = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(id);
  const [, subscriptionId, resourceGroup] = parts ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined) return [];
  return [
    {
      subscriptionId,
      resourceGroup,
      name: name ?? id.slice(id.lastIndexOf('/') + 1),
      location: location ?? '',
      sku: sku?.name ?? '',
      provisioningState: properties?.provisioningState,
      blobs: properties?.primaryEndpoints?.blob,
      files: properties?.primaryEndpoints?.file,
      takesKeys: properties?.allowSharedKeyAccess !== false,
    },
  ];
}

/** @returns why the name cannot be had, in the service's words; null where it is free in all of Azure. */
export async function accountNameProblem(
  connection: AzureConnection,
  subscriptionId: string,
  name: string,
): Promise<string | null> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/checkNameAvailability`;
  const request = { name, type: 'Microsoft.Storage/storageAccounts' };
  const { body } = await connection.send({ method: 'POST', path, body: request });
  const { message, nameAvailable, reason } = (body ?? {}) as {
    nameAvailable?: boolean;
    reason?: string;
    message?: string;
  };
  return nameAvailable === false ? (message ?? reason ?? '') : null;
}

export interface NewStorageAccount {
  readonly id: StorageAccountId;
  readonly location: string;
  readonly redundancy: Redundancy;
}

/** What an account for data is made with: encrypted ways only, nothing open to everybody. */
export function accountBody({ location, redundancy }: Omit<NewStorageAccount, 'id'>): object {
  return {
    location,
    kind: 'StorageV2',
    sku: { name: redundancy },
    properties: {
      allowBlobPublicAccess: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    },
  };
}

export async function createAccount(
  connection: AzureConnection,
  { id, ...wanted }: NewStorageAccount,
  following: Following = {},
): Promise<void> {
  const request = { method: 'PUT', path: accountPath(id), body: accountBody(wanted) } as const;
  await startOperation(connection, { ...request, signal: following.signal }, following);
}

/** With all that is stored in it. */
export async function deleteAccount(
  connection: AzureConnection,
  id: StorageAccountId,
  following: Following = {},
): Promise<void> {
  const request = { method: 'DELETE', path: accountPath(id) } as const;
  await startOperation(connection, { ...request, signal: following.signal }, following);
}

/** The first key that may write. It opens all of the account: it is held in memory alone, and never shown. */
export async function readKey(
  connection: AzureConnection,
  id: StorageAccountId,
  signal?: AbortSignal,
): Promise<string | null> {
  const path = `${accountPath(id)}/listKeys`;
  const { body } = await connection.send({ method: 'POST', path, signal });
  const { keys = [] } = (body ?? {}) as {
    keys?: readonly { readonly value?: string; readonly permissions?: string }[];
  };
  return keys.find(({ permissions }) => !/^read$/i.test(permissions ?? ''))?.value ?? null;
}
