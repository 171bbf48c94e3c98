/** What the played resource manager answers, by method and path. */
import { computeRoutes } from './computeRoutes.ts';
import { notFound, ok } from './answers.ts';
import { page, route } from './asked.ts';
import type { Asked, Route } from './asked.ts';
import { isCluster } from './computeStates.ts';
import { resourceRoutes } from './resourceRoutes.ts';
import { storageRoutes } from './storageRoutes.ts';
import { sizeFacts, sizesJson, usagesJson } from './vmSizes.ts';
import { settleWorkspaces, workspaceJson, workspaceRoutes } from './workspaceRoutes.ts';
import type { RigTenant, World } from './world.ts';

export const routes: readonly Route[] = [
  route('GET /tenants', ({ world }) => ok({ value: world.tenants.map(tenantJson), nextLink: '' })),
  route('GET /subscriptions', (asked) => ok({ value: subscriptionsJson(asked), nextLink: '' })),
  route(
    'GET /subscriptions/<s>/providers/Microsoft.MachineLearningServices/workspaces',
    (asked) => {
      settleWorkspaces(asked);
      const all = asked.world.workspaces.filter(
        ({ subscriptionId }) => subscriptionId === asked.names['s'],
      );
      return page(asked, all, workspaceJson);
    },
  ),
  route(
    'GET /subscriptions/<s>/providers/Microsoft.MachineLearningServices/locations/<l>/vmSizes',
    () => ok(sizesJson()),
  ),
  route(
    'GET /subscriptions/<s>/providers/Microsoft.MachineLearningServices/locations/<l>/usages',
    ({ names, world }) => {
      const region = { subscriptionId: names['s'] ?? '', location: names['l'] ?? '' };
      return ok(usagesJson(region, (size) => coresInUse(world, size)));
    },
  ),
  route(
    'GET /subscriptions/<s>/providers/Microsoft.MachineLearningServices/locations/<l>/computeOperationsStatus/<id>',
    ({ names, now, operations }) =>
      operations.status(names['id'] ?? '', now) ?? notFound('The operation'),
  ),
  route(
    'GET /subscriptions/<s>/providers/Microsoft.MachineLearningServices/locations/<l>/computeOperationsResults/<id>',
    ({ names, now, operations }) =>
      operations.result(names['id'] ?? '', now) ?? notFound('The operation'),
  ),
  ...computeRoutes(),
  ...workspaceRoutes(),
  ...storageRoutes(),
  ...resourceRoutes(),
];

function tenantJson({ displayName, tenantId }: RigTenant): object {
  const defaultDomain = `${displayName.toLowerCase().replaceAll(' ', '')}.example`;
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    displayName,
    defaultDomain,
    domains: [defaultDomain],
    tenantCategory: 'Home',
  };
}

function subscriptionsJson({ tenantId, world }: Asked): readonly object[] {
  return world.subscriptions
    .filter((subscription) => tenantId === null || subscription.tenantId === tenantId)
    .map(({ displayName, subscriptionId, tenantId: owner }) => ({
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      tenantId: owner,
      displayName,
      state: 'Enabled',
      authorizationSource: 'RoleBased',
      subscriptionPolicies: { locationPlacementId: 'Demo', quotaId: 'Demo', spendingLimit: 'On' },
    }));
}

/** @param size in lower case. */
function coresInUse({ workspaces }: World, size: string): number {
  const cores = sizeFacts(size)?.vCPUs ?? 0;
  const clusters = workspaces.flatMap(({ computes }) => [...computes.values()].filter(isCluster));
  const nodes = clusters
    .filter(({ properties }) => String(properties.properties?.['vmSize']).toLowerCase() === size)
    .reduce((sum, { state }) => sum + state.nodes.idle + state.nodes.running, 0);
  return nodes * cores;
}
