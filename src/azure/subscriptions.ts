/** Tenants and subscriptions that an identity sees. The library has none of them, so they are read raw. */
import type { AzureConnection } from './connection.ts';
import type { Page } from './pagedList.ts';

export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly defaultDomain: string;
}

export interface Subscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  /** `Enabled`, `Warned`, `PastDue`, `Disabled`, `Deleted`, or what the service adds. */
  readonly state: string;
  readonly tenantId: string | undefined;
}

export async function listTenants(connection: AzureConnection): Promise<readonly Tenant[]> {
  const tenants = await readAll<Partial<Tenant>>(connection, '/tenants');
  return tenants.map(({ tenantId = '', displayName, defaultDomain = '' }) => ({
    tenantId,
    displayName: displayName ?? (defaultDomain || tenantId),
    defaultDomain,
  }));
}

export async function listSubscriptions(
  connection: AzureConnection,
): Promise<readonly Subscription[]> {
  const found = await readAll<Partial<Subscription>>(connection, '/subscriptions');
  return found
    .map(({ subscriptionId = '', displayName = subscriptionId, state = '', tenantId }) => ({
      subscriptionId,
      displayName,
      state,
      tenantId,
    }))
    .sort((a, b) => a.displayName.localeCompare(b.displayName));
}

/** Pages of a raw list. */
export async function rawPage<T>(
  connection: AzureConnection,
  path: string,
  signal?: AbortSignal,
): Promise<Page<T>> {
  const { body } = await connection.send({ method: 'GET', path, signal });
  const { value = [], nextLink } = (body ?? {}) as {
    value?: readonly T[];
    nextLink?: string | null;
  };
  return { items: value, next: nextLink || undefined };
}

/** All pages of a raw list, for lists that are short. */
export async function readAll<T>(
  connection: AzureConnection,
  path: string,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page: Page<T> = await rawPage<T>(connection, next, signal);
    all.push(...page.items);
    next = page.next;
  }
  return all;
}
