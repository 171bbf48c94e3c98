/** Compute targets of a workspace: reading them, and the operations on those that exist. */
import type * as Aml from '@azure/arm-machinelearning';
import type { AzureConnection } from './connection.ts';
import { startOperation } from './operations.ts';
import type { Following } from './operations.ts';
import { libraryPage, PagedList } from './pagedList.ts';
import { computePath } from './resourceIds.ts';
import type { WorkspaceId } from './resourceIds.ts';

export type ComputeNodeInformation = Aml.AmlComputeNodeInformation;

/** Told apart by `computeType`. The library's own union has their common base among them, which tells nothing apart. */
export type ComputeProperties =
  | Aml.Aks
  | Aml.AmlCompute
  | Aml.ComputeInstance
  | Aml.DataFactory
  | Aml.DataLakeAnalytics
  | Aml.Databricks
  | Aml.HDInsight
  | Aml.Kubernetes
  | Aml.SynapseSpark
  | Aml.VirtualMachine;

/** A compute as the library gives it, with the name that everything is done by. */
export interface ComputeTarget extends Omit<Aml.ComputeResource, 'properties'> {
  readonly name: string;
  readonly properties?: ComputeProperties;
}

export function computesOf(
  connection: AzureConnection,
  workspace: WorkspaceId,
): PagedList<ComputeTarget> {
  const { subscriptionId, resourceGroup, name } = workspace;
  return new PagedList(async (address) => {
    const list = connection.client(subscriptionId).computeOperations.list(resourceGroup, name);
    const page = await libraryPage(list, address);
    return { ...page, items: page.items.flatMap(named) };
  });
}

export async function readCompute(
  connection: AzureConnection,
  workspace: WorkspaceId,
  compute: string,
): Promise<ComputeTarget> {
  const { subscriptionId, resourceGroup, name } = workspace;
  const { computeOperations } = connection.client(subscriptionId);
  return target(await computeOperations.get(resourceGroup, name, compute), compute);
}

/** As the service has it, with fields that the library does not know. */
export async function readComputeJson(
  connection: AzureConnection,
  workspace: WorkspaceId,
  compute: string,
  apiVersion: string | null = null,
): Promise<unknown> {
  const path = `${computePath(workspace, compute)}${versionQuery(apiVersion)}`;
  return (await connection.send({ method: 'GET', path })).body;
}

/** Of a cluster. */
export async function listNodes(
  connection: AzureConnection,
  { subscriptionId, resourceGroup, name }: WorkspaceId,
  compute: string,
): Promise<readonly ComputeNodeInformation[]> {
  const { computeOperations } = connection.client(subscriptionId);
  const nodes: ComputeNodeInformation[] = [];
  for await (const node of computeOperations.listNodes(resourceGroup, name, compute)) {
    nodes.push(node);
  }
  return nodes;
}

export interface ComputeAction {
  readonly workspace: WorkspaceId;
  readonly compute: string;
  /** `detach` forgets the compute and leaves what it stands for; `delete` ends that too. */
  readonly verb: 'start' | 'stop' | 'restart' | 'delete' | 'detach';
}

/** Resolves when it is over. @throws RestError, OperationFailed */
export async function runComputeAction(
  connection: AzureConnection,
  { workspace, compute, verb }: ComputeAction,
  following: Following = {},
): Promise<void> {
  const path = computePath(workspace, compute);
  const request =
    verb === 'delete' || verb === 'detach'
      ? ({ method: 'DELETE', path: `${path}?underlyingResourceAction=${capital(verb)}` } as const)
      : ({ method: 'POST', path: `${path}/${verb}` } as const);
  await startOperation(connection, { ...request, signal: following.signal }, following);
}

/** Creates a compute, or replaces all of one. @param body sent as it is, also what the library does not know. */
export async function putCompute(
  connection: AzureConnection,
  { apiVersion, body, compute, workspace }: NewCompute,
  following: Following = {},
): Promise<void> {
  const path = `${computePath(workspace, compute)}${versionQuery(apiVersion)}`;
  const { signal } = following;
  await startOperation(connection, { method: 'PUT', path, body, signal }, following);
}

export interface NewCompute {
  readonly workspace: WorkspaceId;
  readonly compute: string;
  readonly body: unknown;
  /** Null or absent for the one that we speak by default. */
  readonly apiVersion?: string | null;
}

export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly idleSeconds: number;
}

/** Changes how many nodes a cluster may have, and nothing else of it. */
export async function scaleCluster(
  connection: AzureConnection,
  target: { readonly workspace: WorkspaceId; readonly compute: string; readonly scale: Scale },
  following: Following = {},
): Promise<void> {
  const { idleSeconds, least, most } = target.scale;
  const scaleSettings = {
    minNodeCount: least,
    maxNodeCount: most,
    nodeIdleTimeBeforeScaleDown: `PT${idleSeconds}S`,
  };
  const path = computePath(target.workspace, target.compute);
  const body = { properties: { properties: { scaleSettings } } };
  const { signal } = following;
  await startOperation(connection, { method: 'PATCH', path, body, signal }, following);
}

function versionQuery(apiVersion: string | null | undefined): string {
  return typeof apiVersion === 'string' ? `?api-version=${apiVersion}` : '';
}

function named(compute: Aml.ComputeResource): readonly ComputeTarget[] {
  return compute.name === undefined ? [] : [target(compute, compute.name)];
}

function target({ properties, ...rest }: Aml.ComputeResource, name: string): ComputeTarget {
  if (properties === undefined) return { ...rest, name };
  return { ...rest, name, properties: properties };
}

function capital(verb: string): string {
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}
