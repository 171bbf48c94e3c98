/** What a workspace has attached already: each new attachment of a resource breaks the one before. */
import { computesOf } from '../computes.ts';
import type { ComputeTarget } from '../computes.ts';
import type { AzureConnection } from '../connection.ts';
import type { WorkspaceId } from '../resourceIds.ts';

export class Attachments {
  readonly #byResource: ReadonlyMap<string, ComputeTarget>;
  readonly #byName: ReadonlyMap<string, ComputeTarget>;

  constructor(computes: readonly ComputeTarget[]) {
    this.#byName = new Map(computes.map((compute) => [compute.name.toLowerCase(), compute]));
    this.#byResource = new Map(
      computes.flatMap((compute) => {
        const id = compute.properties?.resourceId;
        return typeof id === 'string' && id !== '' ? [[id.toLowerCase(), compute] as const] : [];
      }),
    );
  }

  /** The compute that stands for a resource; null where none does. @param id in any case */
  of(id: string): ComputeTarget | null {
    return this.#byResource.get(id.toLowerCase()) ?? null;
  }

  /** What has a name already, attached or made here; null where it is free. */
  named(name: string): ComputeTarget | null {
    return this.#byName.get(name.toLowerCase()) ?? null;
  }
}

/** Of all computes of the workspace, whatever the tree has read. */
export async function readAttachments(
  connection: AzureConnection,
  workspace: WorkspaceId,
): Promise<Attachments> {
  const list = computesOf(connection, workspace);
  await list.first();
  while (list.hasMore) await list.more();
  return new Attachments(list.items);
}
