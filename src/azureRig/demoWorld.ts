/** The cloud that *Demo Cloud* shows: every kind and state that a user may meet, under names that say they are made up. */
import { demoLocations, demoResources, demoStores } from './demoResources.ts';
import { addCompute, noNodes } from './world.ts';
import type { RigWorkspace, World } from './world.ts';

const home = '00000000-0000-0000-0000-00000000d001';
const other = '00000000-0000-0000-0000-00000000d002';
const production = '00000000-0000-0000-0000-0000000000a1';
const research = '00000000-0000-0000-0000-0000000000a2';

export function demoWorld(now = Date.now()): World {
  const training: RigWorkspace = {
    subscriptionId: production,
    resourceGroup: 'demo-training',
    name: 'penguins',
    location: 'eastus',
    computes: new Map(),
  };
  const empty: RigWorkspace = { ...training, name: 'empty', computes: new Map() };
  const vision: RigWorkspace = {
    subscriptionId: research,
    resourceGroup: 'demo-research',
    name: 'vision',
    location: 'westeurope',
    computes: new Map(),
  };
  const createdAt = now - 3 * 86_400_000;
  addInstances(training, createdAt);
  addClusters(training, createdAt);
  addAttached(training, createdAt);
  addMany(vision, 250, createdAt);
  return {
    account: 'Demo Account',
    tenants: [
      { tenantId: home, displayName: 'Demo Directory', needsSignIn: false },
      { tenantId: other, displayName: 'Guest Directory', needsSignIn: true },
    ],
    subscriptions: [
      { subscriptionId: production, displayName: 'Demo Production', tenantId: home },
      { subscriptionId: research, displayName: 'Demo Research', tenantId: home },
    ],
    workspaces: [training, empty, vision],
    locations: demoLocations,
    groups: [{ subscriptionId: production, name: 'demo-network', location: 'eastus' }],
    resources: demoResources(production),
    stores: demoStores(),
  };
}

function addInstances(workspace: RigWorkspace, createdAt: number): void {
  const instance = (name: string, vmSize: string, state: string) =>
    addCompute(workspace, {
      name,
      createdAt,
      state: { instance: state },
      properties: {
        computeType: 'ComputeInstance',
        properties: {
          vmSize,
          applicationSharingPolicy: 'Personal',
          sshSettings: { sshPublicAccess: 'Enabled', adminPublicKey: 'ssh-ed25519 AAAA demo' },
        },
      },
    });
  instance('ada-notebook', 'Standard_DS3_v2', 'Running');
  instance('grace-gpu', 'Standard_NC4as_T4_v3', 'Stopped');
  const broken = instance('broken-setup', 'Standard_DS2_v2', 'SetupFailed');
  broken.state.errors = [
    { code: 'SetupScriptFailed', message: 'The creation script ended with 1.' },
  ];
}

function addClusters(workspace: RigWorkspace, createdAt: number): void {
  const cluster = (name: string, vmSize: string, scale: readonly [number, number]) =>
    addCompute(workspace, {
      name,
      createdAt,
      properties: {
        computeType: 'AmlCompute',
        properties: {
          vmSize,
          osType: 'Linux',
          vmPriority: name.includes('cheap') ? 'LowPriority' : 'Dedicated',
          scaleSettings: {
            minNodeCount: scale[0],
            maxNodeCount: scale[1],
            nodeIdleTimeBeforeScaleDown: 'PT120S',
          },
          remoteLoginPortPublicAccess: 'Enabled',
        },
      },
    });
  const cpu = cluster('cpu-cluster', 'Standard_DS3_v2', [0, 4]);
  cpu.state.nodes = { ...noNodes, running: 2, idle: 1 };
  cpu.state.targetNodes = 3;
  const cheap = cluster('gpu-cheap', 'Standard_NC6s_v3', [0, 8]);
  cheap.state.nodes = { ...noNodes, running: 3, preparing: 1, leaving: 1, preempted: 2 };
  cheap.state.targetNodes = 5;
  cluster('idle-cluster', 'Standard_D8s_v3', [0, 10]);
  const failed = cluster('no-quota', 'Standard_NC24s_v3', [1, 4]);
  failed.state.provisioning = 'Failed';
  failed.state.errors = [
    { code: 'QuotaExceeded', message: 'The request needs 24 cores of NCSv3, 0 are left.' },
  ];
}

function addAttached(workspace: RigWorkspace, createdAt: number): void {
  const group = `/subscriptions/${workspace.subscriptionId}/resourceGroups/${workspace.resourceGroup}/providers`;
  const attach = (name: string, computeType: string, resource: string, properties: object) =>
    addCompute(workspace, {
      name,
      createdAt,
      properties: {
        computeType,
        resourceId: `${group}/${resource}`,
        isAttachedCompute: true,
        properties: { ...properties },
      },
    });
  attach('lab-machine', 'VirtualMachine', 'Microsoft.Compute/virtualMachines/lab', {
    address: '203.0.113.7',
    sshPort: 22,
    virtualMachineSize: 'Standard_DS2_v2',
  });
  attach('bricks', 'Databricks', 'Microsoft.Databricks/workspaces/bricks', {
    workspaceUrl: 'adb-1234567890123456.7.azuredatabricks.net',
  });
  attach('spark-pool', 'SynapseSpark', 'Microsoft.Synapse/workspaces/demo/bigDataPools/small', {
    nodeCount: 3,
    nodeSize: 'Small',
  });
  attach('arc-cluster', 'Kubernetes', 'Microsoft.Kubernetes/connectedClusters/arc', {
    namespace: 'default',
    defaultInstanceType: 'defaultinstancetype',
  });
  attach('old-lake', 'DataLakeAnalytics', 'Microsoft.DataLakeAnalytics/accounts/lake', {
    dataLakeStoreAccountName: 'lake',
  });
}

/** For seeing that lists of many stay fluid. */
export function addMany(workspace: RigWorkspace, count: number, createdAt: number): void {
  for (let i = 1; i <= count; i++) {
    const state = i % 3 === 0 ? 'Running' : 'Stopped';
    addCompute(workspace, {
      name: `user-${String(i).padStart(4, '0')}x`,
      createdAt,
      state: { instance: state },
      properties: { computeType: 'ComputeInstance', properties: { vmSize: 'Standard_DS2_v2' } },
    });
  }
}
