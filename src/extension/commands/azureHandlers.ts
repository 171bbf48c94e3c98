/** Commands of the Azure part; the first of them loads it. */
import { isAzureNode } from '../explorer/azureDoor.ts';
import type { AzureDoor } from '../explorer/azureDoor.ts';
import type { Services } from '../services.ts';
import type { CommandId, CommandSignatures } from './commandTable.ts';

type AzureCommandId = Extract<
  CommandId,
  | `trainbench.azure.${string}`
  | `trainbench.workspace.${string}`
  | `trainbench.group.${string}`
  | `trainbench.storage.${string}`
  | 'trainbench.compute.refresh'
>;

export function azureHandlers({ azure, computeTree, problems }: Services): {
  readonly [Id in AzureCommandId]: CommandSignatures[Id];
} {
  return {
    'trainbench.compute.refresh': (node) => {
      if (isAzureNode(node)) azure.opened?.refresh(node);
      else computeTree.refresh();
      return Promise.resolve();
    },
    'trainbench.azure.signIn': async (node) =>
      (await azure.open()).signIn(isAzureNode(node) ? node : undefined),
    'trainbench.azure.demo': async () => {
      await (await azure.open()).openDemo();
      await computeTree.showAzure();
    },
    'trainbench.azure.filter': async () => (await azure.open()).filter(),
    'trainbench.azure.loadMore': async (node) => {
      if (isAzureNode(node)) await (await azure.open()).loadMore(node);
    },
    'trainbench.azure.details': (node) =>
      azure.onCompute(node, 'details', (opened, compute) => opened.showDetails(compute)),
    'trainbench.azure.createCluster': (node) =>
      azure.inWorkspace(node, ({ creation }, computes) => creation.cluster(computes)),
    'trainbench.azure.createInstance': (node) =>
      azure.inWorkspace(node, ({ creation }, computes) => creation.instance(computes)),
    ...attachHandlers(azure),
    'trainbench.azure.createFromYaml': async (file) =>
      (await azure.open()).createFromYaml(file, problems),
    'trainbench.azure.showYaml': (node) =>
      azure.onCompute(node, 'yaml', ({ creation }, compute) => creation.showYaml(compute)),
    'trainbench.azure.scale': (node) =>
      azure.onCompute(node, 'scale', ({ creation }, compute) => creation.scale(compute)),
    'trainbench.azure.toZero': (node) =>
      azure.onCompute(node, 'scale', ({ creation }, compute) => creation.toZero(compute)),
    'trainbench.azure.identity': (node) =>
      azure.onCompute(node, 'identity', ({ creation }, compute) => creation.identity(compute)),
    'trainbench.azure.connect': (node) =>
      azure.onCompute(node, 'connect', (opened, compute) => opened.connect(compute)),
    ...workspaceHandlers(azure),
    ...storageHandlers(azure),
    'trainbench.azure.start': (node) => azure.act(node, 'start'),
    'trainbench.azure.stop': (node) => azure.act(node, 'stop'),
    'trainbench.azure.restart': (node) => azure.act(node, 'restart'),
    'trainbench.azure.detach': (node) => azure.act(node, 'detach'),
    'trainbench.azure.delete': (node) => azure.act(node, 'delete'),
  };
}

/** The kind that each command attaches. */
const attachTypes = {
  'trainbench.azure.attachMachine': 'virtualmachine',
  'trainbench.azure.attachKubernetes': 'kubernetes',
  'trainbench.azure.attachSpark': 'synapsespark',
  'trainbench.azure.attachDatabricks': 'databricks',
  'trainbench.azure.attachHdInsight': 'hdinsight',
  'trainbench.azure.attachAks': 'aks',
  'trainbench.azure.attachBatch': 'batch',
} as const;

type AttachCommandId =
  keyof typeof attachTypes | 'trainbench.azure.createOrAttach' | 'trainbench.azure.reattach';

function attachHandlers(azure: AzureDoor): {
  readonly [Id in AttachCommandId]: CommandSignatures[Id];
} {
  const attach = (id: keyof typeof attachTypes) => (node?: unknown) =>
    azure.inWorkspace(node, ({ attachment }, computes) =>
      attachment.attach(computes, attachTypes[id]),
    );
  return {
    'trainbench.azure.createOrAttach': (node) =>
      azure.inWorkspace(node, ({ attachment }, computes) => attachment.any(computes)),
    'trainbench.azure.reattach': (node) =>
      azure.onCompute(node, 'reattach', ({ attachment }, compute) => attachment.anew(compute)),
    'trainbench.azure.attachMachine': attach('trainbench.azure.attachMachine'),
    'trainbench.azure.attachKubernetes': attach('trainbench.azure.attachKubernetes'),
    'trainbench.azure.attachSpark': attach('trainbench.azure.attachSpark'),
    'trainbench.azure.attachDatabricks': attach('trainbench.azure.attachDatabricks'),
    'trainbench.azure.attachHdInsight': attach('trainbench.azure.attachHdInsight'),
    'trainbench.azure.attachAks': attach('trainbench.azure.attachAks'),
    'trainbench.azure.attachBatch': attach('trainbench.azure.attachBatch'),
  };
}

type WorkspaceCommandId = Extract<CommandId, `trainbench.workspace.${string}`>;

function workspaceHandlers(azure: AzureDoor): {
  readonly [Id in WorkspaceCommandId]: CommandSignatures[Id];
} {
  const given = (node: unknown) => (isAzureNode(node) ? node : undefined);
  const workspaces = async () => (await azure.open()).workspaces;
  return {
    'trainbench.workspace.create': async (node) => (await workspaces()).create(given(node)),
    'trainbench.workspace.delete': async (node) => (await workspaces()).remove(given(node)),
    'trainbench.workspace.setDefault': async (node) => (await workspaces()).setDefault(given(node)),
    'trainbench.workspace.openStudio': async (node) => (await workspaces()).openStudio(given(node)),
    'trainbench.workspace.writeConfig': async (node) =>
      (await workspaces()).writeConfig(given(node)),
    'trainbench.workspace.readConfig': async () => (await workspaces()).readConfig(),
  };
}

type StorageCommandId = Extract<
  CommandId,
  `trainbench.group.${string}` | `trainbench.storage.${string}`
>;

function storageHandlers(azure: AzureDoor): {
  readonly [Id in StorageCommandId]: CommandSignatures[Id];
} {
  const given = (node: unknown) => (isAzureNode(node) ? node : undefined);
  const groups = async () => (await azure.open()).groups;
  const storage = async () => (await azure.open()).storage;
  const transfers = async () => (await azure.open()).transfers;
  return {
    'trainbench.group.create': async (node) => (await groups()).create(given(node)),
    'trainbench.group.delete': async (node) => (await groups()).remove(given(node)),
    'trainbench.storage.createAccount': async (node) =>
      (await storage()).createAccount(given(node)),
    'trainbench.storage.createContainer': async (node) =>
      (await storage()).createStore(given(node), 'container'),
    'trainbench.storage.createShare': async (node) =>
      (await storage()).createStore(given(node), 'share'),
    'trainbench.storage.createFolder': async (node) => (await storage()).createFolder(given(node)),
    'trainbench.storage.uploadFiles': async (node) =>
      (await transfers()).upload(given(node), 'files'),
    'trainbench.storage.uploadFolder': async (node) =>
      (await transfers()).upload(given(node), 'folder'),
    'trainbench.storage.download': async (node) => (await transfers()).download(given(node)),
    'trainbench.storage.delete': async (node) => (await storage()).remove(given(node)),
  };
}
