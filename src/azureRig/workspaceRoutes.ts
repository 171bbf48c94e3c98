/** The workspaces of the played resource manager: reading, making and deleting them. */
import { notFound, ok, refused } from './answers.ts';
import type { Answer } from './answers.ts';
import { inWorkspace, route } from './asked.ts';
import type { Asked, Route } from './asked.ts';
import { workspaceId } from './world.ts';
import type { Change, RigWorkspace } from './world.ts';

/** At pace 1. */
const seconds = { create: 10, delete: 6 } as const;

export function workspaceRoutes(): readonly Route[] {
  return [
    route('GET {workspace}', (asked) => {
      settleWorkspaces(asked);
      return inWorkspace(asked, (found) => ok(workspaceJson(found)));
    }),
    route('PUT {workspace}', make),
    route('DELETE {workspace}', (asked) => {
      settleWorkspaces(asked);
      return inWorkspace(asked, (found) => accepted(asked, found, 'delete'));
    }),
  ];
}

/** Ends what is over by now. */
export function settleWorkspaces({ now, world }: Pick<Asked, 'now' | 'world'>): void {
  const isOver = ({ change }: RigWorkspace) =>
    change !== undefined && change !== null && now >= change.over;
  world.workspaces = world.workspaces.filter(
    (workspace) => !(isOver(workspace) && workspace.change?.verb === 'delete'),
  );
  for (const workspace of world.workspaces) if (isOver(workspace)) workspace.change = null;
}

interface SentWorkspace {
  readonly location?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const namePattern = /^[a-z0-9][\w-]{2,32}$/i;

function make(asked: Asked): Answer {
  settleWorkspaces(asked);
  const { group = '', subscription = '', workspace: name = '' } = asked.names;
  const { location, properties = {} } = (asked.body ?? {}) as SentWorkspace;
  if (!namePattern.test(name))
    return refused(400, 'BadRequest', `The name '${name}' is not valid.`);
  if (location === undefined) return refused(400, 'LocationRequired', 'The location is missing.');
  for (const part of ['storageAccount', 'keyVault', 'applicationInsights']) {
    const missing = missingPart(asked, properties[part]);
    if (missing !== null) return missing;
  }
  const own = { subscriptionId: subscription, resourceGroup: group, name };
  const known = asked.world.workspaces.find((one) => workspaceId(one) === workspaceId(own));
  if (known !== undefined) return accepted(asked, known, 'create');
  const made: RigWorkspace = { ...own, location, properties, computes: new Map() };
  asked.world.workspaces = [...asked.world.workspaces, made];
  return accepted(asked, made, 'create');
}

function missingPart({ world }: Asked, id: unknown): Answer | null {
  const isThere = world.resources.some(
    (resource) => resource.id.toLowerCase() === String(id).toLowerCase(),
  );
  return isThere ? null : notFound(`The resource '${String(id)}'`);
}

function accepted(asked: Asked, workspace: RigWorkspace, verb: 'create' | 'delete'): Answer {
  const { failsLater: error, now, operations, origin, pace, url } = asked;
  const over = now + 1000 * seconds[verb] * pace;
  const change: Change = { verb, begun: now, over, error };
  workspace.change = change;
  const paths = operations.begin(change, workspace);
  const address = (path: string) =>
    `${origin}${path}?api-version=${url.searchParams.get('api-version') ?? ''}`;
  const headers = {
    'Azure-AsyncOperation': address(paths.status),
    Location: address(paths.result),
  };
  return { status: 202, headers };
}

export function workspaceJson(workspace: RigWorkspace): object {
  const { change, location, name, properties = {}, resourceGroup, subscriptionId } = workspace;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers`;
  const states = { create: 'Creating', delete: 'Deleting' } as const;
  const state = change?.verb === 'create' || change?.verb === 'delete' ? states[change.verb] : null;
  return {
    id: workspaceId(workspace),
    name,
    type: 'Microsoft.MachineLearningServices/workspaces',
    location,
    kind: 'Default',
    identity: { type: 'SystemAssigned' },
    properties: {
      friendlyName: name,
      storageAccount: `${group}/Microsoft.Storage/storageAccounts/${name}store`,
      keyVault: `${group}/Microsoft.KeyVault/vaults/${name}-vault`,
      applicationInsights: `${group}/Microsoft.Insights/components/${name}-insights`,
      discoveryUrl: `https://${location}.discovery.example/discovery`,
      publicNetworkAccess: 'Enabled',
      ...properties,
      provisioningState: state ?? 'Succeeded',
    },
  };
}
