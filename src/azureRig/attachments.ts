/** How the played service attaches what exists elsewhere: it looks for the resource, and a second attachment breaks the first. */
import { refused } from './answers.ts';
import type { Answer } from './answers.ts';
import type { ComputeProperties, RigResource, RigWorkspace, World } from './world.ts';

/** By the kind of compute: the types of resources that it stands for. */
const resourceTypes: Readonly<Record<string, RegExp>> = {
  VirtualMachine: /\/Microsoft\.Compute\/virtualMachines\//i,
  HDInsight: /\/Microsoft\.HDInsight\/clusters\//i,
  Databricks: /\/Microsoft\.Databricks\/workspaces\//i,
  SynapseSpark: /\/Microsoft\.Synapse\/workspaces\/[^/]+\/bigDataPools\//i,
  Kubernetes: /\/Microsoft\.(ContainerService\/managedClusters|Kubernetes\/connectedClusters)\//i,
  AKS: /\/Microsoft\.ContainerService\/managedClusters\//i,
  Batch: /\/Microsoft\.Batch\/batchAccounts\//i,
  DataFactory: /\/Microsoft\.DataFactory\/factories\//i,
};

export function isAttached({ computeType, resourceId }: ComputeProperties): boolean {
  return typeof resourceId === 'string' && computeType in resourceTypes;
}

/** A refusal at once: the resource is not there or of another kind, or nobody could sign in to it. */
export function whyNotAttach(
  { resources }: World,
  { computeType, properties = {}, resourceId }: ComputeProperties,
): Answer | null {
  if (computeType === 'DataLakeAnalytics') {
    return refused(400, 'ComputeTypeRetired', 'Azure Data Lake Analytics is retired.');
  }
  const wanted = resourceTypes[computeType];
  if (wanted === undefined || typeof resourceId !== 'string') return null;
  if (!wanted.test(resourceId)) {
    return refused(400, 'BadRequest', `${resourceId} is no resource for ${computeType}.`);
  }
  if (find(resources, resourceId) === undefined) {
    return refused(400, 'ResourceNotFound', `The resource ${resourceId} was not found.`);
  }
  return whyNotIn(computeType, properties);
}

function whyNotIn(
  computeType: string,
  properties: Readonly<Record<string, unknown>>,
): Answer | null {
  if (computeType === 'Databricks' && !properties['databricksAccessToken']) {
    return refused(400, 'BadRequest', 'databricksAccessToken is missing.');
  }
  if (computeType !== 'VirtualMachine' && computeType !== 'HDInsight') return null;
  const account = (properties['administratorAccount'] ?? {}) as Readonly<Record<string, unknown>>;
  const { password, privateKeyData, username } = account;
  if (typeof username === 'string' && (password || privateKeyData)) return null;
  return refused(400, 'BadRequest', 'administratorAccount needs a user, and a password or a key.');
}

/** What the service finds out by itself. */
export function foundOut(
  { resources }: World,
  { computeType, resourceId }: ComputeProperties,
): Readonly<Record<string, unknown>> {
  const resource = find(resources, String(resourceId));
  if (resource === undefined || computeType !== 'VirtualMachine') return {};
  const { properties } = resource.body as {
    properties?: { hardwareProfile?: { vmSize?: string } };
  };
  return {
    address: '203.0.113.7',
    virtualMachineSize: properties?.hardwareProfile?.vmSize ?? 'Standard_DS2_v2',
  };
}

/** As the service does without a word: who attaches anew gets the resource, who had it has it no more. */
export function breakOthers(workspace: RigWorkspace, name: string, resourceId: unknown): void {
  if (typeof resourceId !== 'string') return;
  for (const other of workspace.computes.values()) {
    const same = String(other.properties['resourceId']).toLowerCase() === resourceId.toLowerCase();
    if (!same || other.name.toLowerCase() === name.toLowerCase()) continue;
    other.state.provisioning = 'Failed';
    other.state.errors = [
      { code: 'AttachmentReplaced', message: `${resourceId} was attached anew as ${name}.` },
    ];
  }
}

function find(resources: readonly RigResource[], id: string): RigResource | undefined {
  return resources.find((one) => one.id.toLowerCase() === id.toLowerCase());
}
