/** Databricks workspaces of a subscription, with their addresses. */
import { say } from '../../shared/language.ts';
import type { AzureConnection } from '../connection.ts';
import { readAll } from '../subscriptions.ts';
import { placed } from './attachable.ts';
import type { Attachable } from './attachable.ts';

interface RawWorkspace {
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  readonly properties?: { readonly workspaceUrl?: string; readonly provisioningState?: string };
}

export async function listDatabricks(
  connection: AzureConnection,
  subscriptionId: string,
): Promise<readonly Attachable[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Databricks/workspaces`;
  const found = await readAll<RawWorkspace>(connection, path);
  return found.map(({ id = '', location = '', name = '', properties }) => {
    const { provisioningState = 'Succeeded', workspaceUrl } = properties ?? {};
    return {
      ...placed(id, name, location),
      about: workspaceUrl ?? '',
      problem:
        provisioningState === 'Succeeded' ? null : say`not ready: it is ${provisioningState}`,
      facts: workspaceUrl === undefined ? {} : { workspaceUrl },
    };
  });
}
