/** The compute part of the played resource manager. */
import { breakOthers, foundOut, isAttached, whyNotAttach } from './attachments.ts';
import { begin, computeJson, isCluster, nodesJson, settle } from './computeStates.ts';
import { notFound, ok, refused } from './answers.ts';
import type { Answer } from './answers.ts';
import { inWorkspace, page, route } from './asked.ts';
import type { Asked, Route } from './asked.ts';
import { sizeFacts } from './vmSizes.ts';
import { addCompute } from './world.ts';
import type { Change, ComputeProperties, RigCompute, RigWorkspace } from './world.ts';

export function computeRoutes(): readonly Route[] {
  return [
    route('GET {workspace}/computes', (asked) =>
      inWorkspace(asked, (workspace) => {
        settleAll(workspace, asked.now);
        const all = [...workspace.computes.values()];
        return page(asked, all, (compute) => computeJson(workspace, compute));
      }),
    ),
    route('GET {workspace}/computes/<compute>', (asked) =>
      ofCompute(asked, ({ workspace, compute }) =>
        ok(computeJson(workspace, compute, versionOf(asked))),
      ),
    ),
    route('PUT {workspace}/computes/<compute>', (asked) =>
      inWorkspace(asked, (workspace) => put(asked, workspace)),
    ),
    route('PATCH {workspace}/computes/<compute>', (asked) => ofCompute(asked, patch)),
    route('DELETE {workspace}/computes/<compute>', (asked) => ofCompute(asked, remove)),
    route('POST {workspace}/computes/<compute>/listNodes', (asked) =>
      ofCompute(asked, ({ compute }) =>
        isCluster(compute)
          ? ok({ nodes: nodesJson(compute) })
          : refused(400, 'BadRequest', 'Only an AmlCompute cluster has nodes.'),
      ),
    ),
    ...(['start', 'stop', 'restart'] as const).map((verb) =>
      route(`POST {workspace}/computes/<compute>/${verb}`, (asked) =>
        ofCompute(asked, (found) => power(found, verb)),
      ),
    ),
  ];
}

interface Found {
  readonly asked: Asked;
  readonly workspace: RigWorkspace;
  readonly compute: RigCompute;
}

function ofCompute(asked: Asked, answer: (found: Found) => Answer): Answer {
  return inWorkspace(asked, (workspace) => {
    settleAll(workspace, asked.now);
    const name = asked.names['compute'] ?? '';
    const compute = workspace.computes.get(name.toLowerCase());
    if (compute === undefined) return notFound(`The compute '${name}'`);
    return answer({ asked, workspace, compute });
  });
}

function settleAll(workspace: RigWorkspace, now: number): void {
  for (const [key, compute] of workspace.computes) {
    if (settle(compute, now)) workspace.computes.delete(key);
  }
}

interface SentCompute {
  readonly properties?: ComputeProperties;
  readonly location?: string;
  readonly identity?: unknown;
  readonly sku?: unknown;
  readonly tags?: unknown;
}

function given(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const namePattern = /^[a-z](?![a-z0-9-]*-\d+$)[a-z0-9-]{2,23}$/i;

function put(asked: Asked, workspace: RigWorkspace): Answer {
  settleAll(workspace, asked.now);
  const name = asked.names['compute'] ?? '';
  const { properties, identity, location, sku, tags } = (asked.body ?? {}) as SentCompute;
  const refusal =
    whyNot(name, location ?? workspace.location, properties) ??
    (properties === undefined ? null : whyNotAttach(asked.world, properties));
  if (refusal !== null || properties === undefined) {
    return refusal ?? refused(400, 'BadRequest', 'The request has no properties.');
  }
  const known = workspace.computes.get(name.toLowerCase());
  if (known !== undefined && known.properties.computeType !== properties.computeType) {
    return refused(409, 'Conflict', `A compute named '${name}' of another type exists.`);
  }
  const where = location === undefined ? {} : { location };
  const compute =
    known ?? addCompute(workspace, { name, properties, createdAt: asked.now, ...where });
  compute.properties = isAttached(properties)
    ? attached(asked, properties)
    : { ...properties, ...madeCluster(asked, workspace, compute) };
  breakOthers(workspace, name, properties['resourceId']);
  compute.envelope = given({ identity, sku, tags });
  const verb = known === undefined ? 'create' : 'resize';
  return accepted({ asked, workspace, compute }, verb, known === undefined ? 201 : 200);
}

/** An AKS cluster that a workspace makes is a resource of its own, and stays one. */
function madeCluster({ world }: Asked, workspace: RigWorkspace, compute: RigCompute): object {
  if (compute.properties.computeType !== 'AKS') return {};
  const { resourceGroup, subscriptionId } = workspace;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${compute.name}-made`;
  world.resources = [...world.resources, { id, location: compute.location, body: {} }];
  return { resourceId: id };
}

function attached({ world }: Asked, sent: ComputeProperties): ComputeProperties {
  const found = foundOut(world, sent);
  const whole = { ...sent, isAttachedCompute: true };
  if (sent.properties === undefined && Object.keys(found).length === 0) return whole;
  return { ...whole, properties: { ...found, ...sent.properties } };
}

/** A refusal at once: the name, the size, or what is left of the quota. */
function whyNot(
  name: string,
  location: string,
  properties: ComputeProperties | undefined,
): Answer | null {
  if (!namePattern.test(name)) {
    return refused(400, 'BadRequest', `The compute name '${name}' is not valid.`);
  }
  const size = properties?.properties?.['vmSize'];
  if (typeof size !== 'string') return null;
  const facts = sizeFacts(size, location);
  if (facts === null) {
    const message = `The size ${size} is not offered in ${location}.`;
    return refused(400, 'SkuNotAvailable', message);
  }
  const { family, quota, vCPUs } = facts;
  const scale = properties?.properties?.['scaleSettings'] as { minNodeCount?: number } | undefined;
  const needed = vCPUs * Math.max(1, scale?.minNodeCount ?? 0);
  if (quota >= needed) return null;
  const message = `The specified subscription has a ${family} vCPU quota of ${quota}; ${needed} are needed.`;
  return refused(400, 'ClusterCoreQuotaReached', message);
}

function patch(found: Found): Answer {
  const { compute, asked } = found;
  if (!isCluster(compute)) return refused(400, 'BadRequest', 'Only a cluster can be resized.');
  if (compute.change !== null) return busy(compute);
  const sent = (asked.body ?? {}) as { properties?: { properties?: object } };
  const changed = sent.properties?.properties ?? {};
  compute.properties = {
    ...compute.properties,
    properties: { ...compute.properties.properties, ...changed },
  };
  return accepted(found, 'resize', 200);
}

function remove(found: Found): Answer {
  const { compute, asked } = found;
  const action = asked.url.searchParams.get('underlyingResourceAction');
  const isAks = compute.properties.computeType === 'AKS'; // its cluster may stay without its workspace
  const owned = compute.properties['isAttachedCompute'] !== true && !isAks;
  if (action === 'Detach' && owned) {
    return refused(400, 'BadRequest', `${compute.name} was made here; it can only be deleted.`);
  }
  if (compute.change?.verb === 'delete') return busy(compute);
  return accepted(found, action === 'Detach' ? 'detach' : 'delete', 202);
}

function power(found: Found, verb: 'start' | 'stop' | 'restart'): Answer {
  const { compute } = found;
  if (compute.properties.computeType !== 'ComputeInstance') {
    return refused(400, 'BadRequest', `Only a compute instance can ${verb}.`);
  }
  if (compute.change !== null) return busy(compute);
  return accepted(found, verb, 202);
}

/** Begins the change and tells where to follow it. A restart gives Location alone, as some services do. */
function accepted(found: Found, verb: Change['verb'], status: number): Answer {
  const { asked, compute, workspace } = found;
  const { failsLater: error, now, operations, origin, pace } = asked;
  const change = begin(compute, { verb, now, pace, error });
  const paths = operations.begin(change, workspace);
  const version = versionOf(asked);
  const address = (path: string) => `${origin}${path}?api-version=${version}`;
  const headers = {
    ...(verb === 'restart' ? {} : { 'Azure-AsyncOperation': address(paths.status) }),
    ...(status === 202 ? { Location: address(paths.result) } : {}),
  };
  if (status === 202) return { status, headers };
  return { status, headers, body: computeJson(workspace, compute, version) };
}

function versionOf({ url }: Asked): string {
  return url.searchParams.get('api-version') ?? '';
}

function busy({ name, change }: RigCompute): Answer {
  return refused(409, 'Conflict', `${name} is busy: ${change?.verb ?? ''} is under way.`);
}
