/** Ids of the resource manager: `/subscriptions/S/resourceGroups/R/providers/N/type/name[/type/name]`. */

export interface WorkspaceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const provider = 'Microsoft.MachineLearningServices';

export function workspacePath({ subscriptionId, resourceGroup, name }: WorkspaceId): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${provider}/workspaces/${name}`;
}

export function computePath(workspace: WorkspaceId, name: string): string {
  return `${workspacePath(workspace)}/computes/${name}`;
}

/** Names are compared without case there, and answers differ in it. Null for an id of something else. */
export function parseWorkspaceId(id: string): WorkspaceId | null {
  const match =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)/i.exec(
      id,
    );
  if (match === null) return null;
  return { subscriptionId: match[1]!, resourceGroup: match[2]!, name: match[3]! };
}

export function lastName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Names are compared without case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Empty where the id has none. */
export function resourceGroupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
}
