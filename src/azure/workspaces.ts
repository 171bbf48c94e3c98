/** Azure Machine Learning workspaces. */
import type { Workspace } from '@azure/arm-machinelearning';
import type { AzureConnection } from './connection.ts';
import { libraryPage, PagedList } from './pagedList.ts';
import { parseWorkspaceId } from './resourceIds.ts';
import type { WorkspaceId } from './resourceIds.ts';

export interface AmlWorkspace extends WorkspaceId {
  /** Region: `eastus`. */
  readonly location: string;
  readonly friendlyName: string;
  readonly provisioningState: string | undefined;
}

/** Those of a subscription, as far as they are read. */
export function workspacesOf(
  connection: AzureConnection,
  subscriptionId: string,
): PagedList<AmlWorkspace> {
  return new PagedList(async (address) => {
    const list = connection.client(subscriptionId).workspaces.listBySubscription();
    const page = await libraryPage(list, address);
    return { ...page, items: page.items.flatMap(amlWorkspace) };
  });
}

function amlWorkspace({ id = '', name, location, friendlyName, provisioningState }: Workspace) {
  const parsed = parseWorkspaceId(id);
  if (parsed === null) return [];
  return [
    {
      ...parsed,
      name: name ?? parsed.name,
      location: location ?? '',
      friendlyName: friendlyName ?? '',
      provisioningState,
    },
  ];
}
