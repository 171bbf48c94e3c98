/** How a compute goes from state to state, and how the service shows the state it is in. */
import { noNodes, workspaceId } from './world.ts';
import type {
  Change,
  ComputeState,
  NodeCounts,
  RigCompute,
  RigError,
  RigWorkspace,
} from './world.ts';

/** Seconds that each change takes at pace 1: long enough to be seen, short enough to be waited for. */
const seconds: Readonly<Record<Change['verb'], number>> = {
  create: 8,
  resize: 6,
  start: 6,
  stop: 4,
  restart: 6,
  delete: 5,
  detach: 3,
};

export interface Beginning {
  readonly verb: Change['verb'];
  readonly now: number;
  /** 1 is the demo's. */
  readonly pace: number;
  readonly error: RigError | null;
}

/** Begins a change; the compute shows it at once. */
export function begin(compute: RigCompute, { verb, now, pace, error }: Beginning): Change {
  const change = { verb, begun: now, over: now + 1000 * seconds[verb] * pace, error };
  compute.change = change;
  compute.modifiedAt = now;
  const { state } = compute;
  if (verb === 'create') Object.assign(state, { provisioning: 'Creating', instance: 'Creating' });
  else if (verb === 'delete' || verb === 'detach') state.provisioning = 'Deleting';
  else if (verb === 'resize') resize(compute);
  else state.instance = { start: 'Starting', stop: 'Stopping', restart: 'Restarting' }[verb];
  return change;
}

/** Ends what is over by now. @returns whether the compute is gone. */
export function settle(compute: RigCompute, now: number): boolean {
  const { change, state } = compute;
  if (change === null || now < change.over) return false;
  compute.change = null;
  compute.modifiedAt = change.over;
  if (change.error !== null) {
    state.provisioning = 'Failed';
    state.errors = [change.error];
    if (change.verb === 'create') state.instance = 'CreateFailed';
    return false;
  }
  if (change.verb === 'delete' || change.verb === 'detach') return true;
  state.provisioning = 'Succeeded';
  state.instance = change.verb === 'stop' ? 'Stopped' : 'Running';
  if (isCluster(compute)) arrive(compute);
  return false;
}

export function isCluster({ properties }: RigCompute): boolean {
  return properties.computeType === 'AmlCompute';
}

interface ScaleSettings {
  readonly minNodeCount?: number;
  readonly maxNodeCount?: number;
}

function scaleOf({ properties }: RigCompute): Required<ScaleSettings> {
  const scale = (properties.properties?.['scaleSettings'] ?? {}) as ScaleSettings;
  return { minNodeCount: scale.minNodeCount ?? 0, maxNodeCount: scale.maxNodeCount ?? 1 };
}

/** Nodes come while they prepare, and go while they leave. */
function resize(compute: RigCompute): void {
  const { minNodeCount, maxNodeCount } = scaleOf(compute);
  const { state } = compute;
  const present = total(state.nodes);
  state.targetNodes = Math.min(maxNodeCount, Math.max(minNodeCount, present));
  const leaving = Math.max(0, present - state.targetNodes);
  const idle = Math.max(0, state.nodes.idle - leaving);
  const running = Math.max(0, present - leaving - idle - state.nodes.unusable);
  state.nodes = {
    ...noNodes,
    idle,
    running,
    leaving,
    unusable: state.nodes.unusable,
    preparing: Math.max(0, state.targetNodes - present),
  };
}

function arrive(compute: RigCompute): void {
  const { state } = compute;
  if (state.targetNodes === 0) state.targetNodes = scaleOf(compute).minNodeCount;
  const { running, unusable } = state.nodes;
  const idle = Math.max(0, state.targetNodes - running - unusable);
  state.nodes = { ...noNodes, running, unusable, idle };
}

function total({ idle, running, preparing, leaving, unusable }: NodeCounts): number {
  return idle + running + preparing + leaving + unusable;
}

/** The resource as the service answers. */
export function computeJson(workspace: RigWorkspace, compute: RigCompute, version = ''): object {
  const { envelope, location, name, properties, state } = compute;
  return {
    id: `${workspaceId(workspace)}/computes/${name}`,
    name,
    type: 'Microsoft.MachineLearningServices/workspaces/computes',
    location,
    ...envelope,
    properties: {
      ...properties,
      computeLocation: location,
      createdOn: new Date(compute.createdAt).toISOString(),
      modifiedOn: new Date(compute.modifiedAt).toISOString(),
      provisioningState: state.provisioning,
      provisioningErrors: state.errors.map((error) => ({ error })),
      isAttachedCompute: properties['isAttachedCompute'] ?? false,
      ...innerProperties(compute, version),
    },
  };
}

/** Data factories have none. */
function innerProperties(compute: RigCompute, version: string): object {
  const { computeType, properties = {} } = compute.properties;
  if (computeType === 'DataFactory') return {};
  return { properties: { ...known(withoutSecrets(properties), version), ...shown(compute) } };
}

/** Older versions of the interface do not tell of what came with newer ones. */
function known(properties: object, version: string): object {
  if (version >= '2025') return properties;
  const newer = ['enableSSO', 'idleTimeBeforeShutdown'];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !newer.includes(name)));
}

/** The service keeps these and never tells them. */
function withoutSecrets(properties: Readonly<Record<string, unknown>>): object {
  const hidden = ['administratorAccount', 'databricksAccessToken', 'userAccountCredentials'];
  const shown = Object.entries(properties).filter(([name]) => !hidden.includes(name));
  return Object.fromEntries(
    shown.map(([name, value]) =>
      name === 'sslConfiguration' ? [name, openPart(value)] : [name, value],
    ),
  );
}

function openPart(ssl: unknown): object {
  const entries = Object.entries(ssl as object);
  return Object.fromEntries(entries.filter(([name]) => name !== 'cert' && name !== 'key'));
}

function shown(compute: RigCompute): object {
  const { computeType } = compute.properties;
  if (computeType === 'AmlCompute') return shownCluster(compute.state, compute);
  if (computeType === 'ComputeInstance') return shownInstance(compute.state, compute);
  if (computeType === 'AKS') {
    return {
      systemServices: [{ systemServiceType: 'ScoringFrontEnd', publicIpAddress: '203.0.113.8' }],
    };
  }
  return {};
}

function shownCluster({ errors, nodes, targetNodes }: ComputeState, compute: RigCompute): object {
  return {
    allocationState: compute.change?.verb === 'resize' ? 'Resizing' : 'Steady',
    allocationStateTransitionTime: new Date(compute.modifiedAt).toISOString(),
    currentNodeCount: total(nodes),
    targetNodeCount: targetNodes,
    nodeStateCounts: Object.fromEntries(
      Object.entries(nodes).map(([state, count]) => [`${state}NodeCount`, count]),
    ),
    errors: errors.map((error) => ({ error })),
  };
}

function shownInstance({ errors, instance }: ComputeState, compute: RigCompute): object {
  const { name, location, modifiedAt } = compute;
  const ssh = compute.properties.properties?.['sshSettings'] as object | undefined;
  return {
    state: instance,
    errors: errors.map((error) => ({ error })),
    connectivityEndpoints:
      instance === 'Running'
        ? { publicIpAddress: '203.0.113.4', privateIpAddress: '10.0.0.4' }
        : {},
    applications: ['Jupyter', 'Jupyter Lab'].map((displayName) => ({
      displayName,
      endpointUri: `https://${name}.${location}.instances.example/${displayName === 'Jupyter' ? 'tree' : 'lab'}`,
    })),
    ...(ssh === undefined
      ? {}
      : { sshSettings: { ...ssh, adminUserName: 'azureuser', sshPort: 50000 } }),
    lastOperation: {
      operationName: instance === 'Stopped' ? 'Stop' : 'Start',
      operationTime: new Date(modifiedAt).toISOString(),
      operationStatus: 'Succeeded',
    },
  };
}

/** Nodes of a cluster, one for each that is counted. */
export function nodesJson({ state }: RigCompute): readonly object[] {
  const kinds = Object.entries(state.nodes).flatMap(([kind, count]) =>
    Array.from({ length: kind === 'preempted' ? 0 : (count as number) }, () => kind),
  );
  return kinds.map((kind, index) => ({
    nodeId: `tvmps_${String(index + 1).padStart(4, '0')}`,
    privateIpAddress: `10.0.0.${index + 10}`,
    publicIpAddress: '203.0.113.9',
    port: 50000 + index,
    nodeState: kind,
    ...(kind === 'running' ? { runId: `demo-job-${index + 1}` } : {}),
  }));
}
