/** What stands beside workspaces in the played resource manager: regions, resource groups, networks, other resources. */
import { notFound, ok, refused } from './answers.ts';
import type { Answer } from './answers.ts';
import { page, route } from './asked.ts';
import type { Asked, Route } from './asked.ts';
import { workspaceId } from './world.ts';
import type { Change, RigGroup, RigLocation, RigResource, World } from './world.ts';

export function resourceRoutes(): readonly Route[] {
  return [
    route('GET /subscriptions/<s>/locations', ({ names, world }) =>
      ok({ value: world.locations.map((location) => locationJson(names['s'] ?? '', location)) }),
    ),
    route('GET /subscriptions/<s>/resourcegroups', (asked) =>
      page(asked, groupsOf(asked), groupJson),
    ),
    route('PUT /subscriptions/<s>/resourcegroups/<g>', putGroup),
    route('DELETE /subscriptions/<s>/resourcegroups/<g>', removeGroup),
    route('GET /subscriptions/<s>/resourcegroups/<g>/resources', (asked) =>
      page(asked, contentsOf(asked), (found) => found),
    ),
    route(
      'GET /subscriptions/<s>/operationresults/<id>',
      ({ names, now, operations }) =>
        operations.result(names['id'] ?? '', now) ?? notFound('The operation'),
    ),
    route('GET /subscriptions/<s>/resources', (asked) => {
      const type = /^resourceType eq '([^']+)'$/.exec(asked.url.searchParams.get('$filter') ?? '');
      const wanted = type?.[1]?.toLowerCase();
      const found = resourcesOf(asked).filter(
        (resource) => wanted === undefined || typeOf(resource).toLowerCase() === wanted,
      );
      return page(asked, found, genericJson);
    }),
    route('GET /subscriptions/<s>/providers/<p>/<t>', (asked) => {
      const wanted = `${asked.names['p'] ?? ''}/${asked.names['t'] ?? ''}`.toLowerCase();
      const found = resourcesOf(asked).filter((one) => typeOf(one).toLowerCase() === wanted);
      return page(asked, found, resourceJson);
    }),
    route('PUT /subscriptions/<s>/resourceGroups/<g>/providers/<p>/<t>/<n>', putResource),
  ];
}

function locationJson(
  subscriptionId: string,
  { displayName, geography, name }: RigLocation,
): object {
  return {
    id: `/subscriptions/${subscriptionId}/locations/${name}`,
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: `(${geography}) ${displayName}`,
    metadata: { regionType: 'Physical', regionCategory: 'Recommended', geographyGroup: geography },
  };
}

/** Also those that workspaces and resources imply. */
function groupsOf({ names, world }: Asked): readonly RigGroup[] {
  const subscriptionId = names['s'] ?? '';
  const implied = world.workspaces.map((workspace) => ({
    subscriptionId: workspace.subscriptionId,
    name: workspace.resourceGroup,
    location: workspace.location,
  }));
  const own = [...implied, ...world.groups].filter(
    (group) => group.subscriptionId === subscriptionId,
  );
  return [...new Map(own.map((group) => [group.name.toLowerCase(), group])).values()];
}

function groupJson({ change, location, name, subscriptionId }: RigGroup): object {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    properties: { provisioningState: change === undefined ? 'Succeeded' : 'Deleting' },
  };
}

/** At pace 1; Azure takes minutes. */
const deleteSeconds = 6;

function isIn(group: Pick<RigGroup, 'name' | 'subscriptionId'>, id: string): boolean {
  const begin = `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}/`;
  return id.toLowerCase().startsWith(begin.toLowerCase());
}

/** Generic forms of all that lies in a group. */
function contentsOf({ names, world }: Asked): readonly object[] {
  const group = { subscriptionId: names['s'] ?? '', name: names['g'] ?? '' };
  const type = 'Microsoft.MachineLearningServices/workspaces';
  const workspaces = world.workspaces
    .map((one) => ({ id: workspaceId(one), name: one.name, type, location: one.location }))
    .filter(({ id }) => isIn(group, id));
  const others = world.resources.filter(({ id }) => isIn(group, id)).map(genericJson);
  return [...workspaces, ...others];
}

function removeGroup(asked: Asked): Answer {
  const { failsLater: error, names, now, operations, origin, pace, url, world } = asked;
  const name = names['g'] ?? '';
  const found = groupsOf(asked).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) return notFound(`Resource group '${name}'`);
  const over = now + 1000 * deleteSeconds * pace;
  const change: Change = { verb: 'delete', begun: now, over, error };
  world.groups = [...world.groups.filter((one) => one.name !== found.name), { ...found, change }];
  const { subscriptionId } = found;
  const { id } = operations.begin(change, { subscriptionId, location: found.location });
  const version = url.searchParams.get('api-version') ?? '';
  const path = `/subscriptions/${subscriptionId}/operationresults/${id}`;
  return { status: 202, headers: { Location: `${origin}${path}?api-version=${version}` } };
}

/** Ends what is over by now: groups that go take along what is in them, accounts that were made are there. */
export function settleResources({
  now,
  world,
}: {
  readonly now: number;
  readonly world: World;
}): void {
  const isOver = (change: Change | null | undefined) => change != null && now >= change.over;
  for (const resource of world.resources) if (isOver(resource.change)) resource.change = null;
  for (const group of world.groups.filter(({ change }) => isOver(change))) {
    const { change, ...rest } = group;
    world.groups = world.groups.filter((one) => one !== group);
    if (change?.error != null) world.groups = [...world.groups, rest];
    else {
      world.workspaces = world.workspaces.filter((one) => !isIn(group, workspaceId(one)));
      world.resources = world.resources.filter(({ id }) => !isIn(group, id));
    }
  }
}

function putGroup(asked: Asked): Answer {
  const { g: name = '', s: subscriptionId = '' } = asked.names;
  const { location } = (asked.body ?? {}) as { location?: string };
  if (location === undefined) return refused(400, 'LocationRequired', 'The location is missing.');
  const group = { subscriptionId, name, location };
  const isKnown = groupsOf(asked).some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!isKnown) asked.world.groups = [...asked.world.groups, group];
  return { status: isKnown ? 200 : 201, headers: {}, body: groupJson(group) };
}

function resourcesOf({ names, world }: Asked): readonly RigResource[] {
  const begin = `/subscriptions/${names['s'] ?? ''}/`.toLowerCase();
  return world.resources.filter(({ id }) => id.toLowerCase().startsWith(begin));
}

/** `Microsoft.Storage/storageAccounts`, `Microsoft.Synapse/workspaces/bigDataPools` */
function typeOf({ id }: RigResource): string {
  const [, namespace = '', rest = ''] = /\/providers\/([^/]+)\/(.*)$/.exec(id) ?? [];
  return [namespace, ...rest.split('/').filter((_, index) => index % 2 === 0)].join('/');
}

function genericJson(resource: RigResource): object {
  const { id, location } = resource;
  return { id, name: id.slice(id.lastIndexOf('/') + 1), type: typeOf(resource), location };
}

function resourceJson(resource: RigResource): object {
  const { properties, ...rest } = resource.body as { properties?: object };
  return {
    ...rest,
    ...genericJson(resource),
    properties: { ...properties, provisioningState: 'Succeeded' },
  };
}

function putResource(asked: Asked): Answer {
  const { g = '', n = '', p = '', s = '', t = '' } = asked.names;
  const body = (asked.body ?? {}) as { readonly location?: string };
  const id = `/subscriptions/${s}/resourceGroups/${g}/providers/${p}/${t}/${n}`;
  const resource: RigResource = { id, location: body.location ?? '', body: { ...body } };
  asked.world.resources = [
    ...asked.world.resources.filter((one) => one.id.toLowerCase() !== id.toLowerCase()),
    resource,
  ];
  return ok(resourceJson(resource));
}
