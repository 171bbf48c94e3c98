/** Resources of a subscription that a workspace can attach as a compute, and what speaks against each. */
import type { AzureConnection } from '../connection.ts';
import { resourceGroupOf } from '../resourceIds.ts';
import { listResources } from '../workspaceEdits.ts';

export interface Attachable {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly resourceGroup: string;
  /** What it is, in short; may be empty. */
  readonly about: string;
  /** Why it cannot be attached, with what to do; null where nothing is known against it. */
  readonly problem: string | null;
  /** What its document says of it besides its id. */
  readonly facts: AttachableFacts;
}

export interface AttachableFacts {
  /** User of SSH. */
  readonly user?: string;
  /** Public host of SSH. */
  readonly address?: string;
  /** Of Databricks, without https. */
  readonly workspaceUrl?: string;
}

/** Of types that tell no more than their names. @param types `Microsoft.ContainerService/managedClusters` */
export async function listPlain(
  connection: AzureConnection,
  subscriptionId: string,
  types: readonly string[],
): Promise<readonly Attachable[]> {
  const lists = types.map(async (type) => {
    const found = await listResources(connection, subscriptionId, type);
    const about = type.slice(type.lastIndexOf('/') + 1);
    return found.map(({ id, location, name }) => ({
      ...placed(id, name, location),
      about,
      problem: null,
      facts: {},
    }));
  });
  return (await Promise.all(lists)).flat();
}

export function placed(id: string, name: string, location: string) {
  return { id, name, location, resourceGroup: resourceGroupOf(id) };
}
