/** Commands of the Azure part; the first of them loads it. */
import { isAzureNode } from '../explorer/azureDoor.ts';
import type { Services } from '../services.ts';
import type { CommandId, CommandSignatures } from './commandTable.ts';

type AzureCommandId = Extract<
  CommandId,
  `trainbench.azure.${string}` | 'trainbench.compute.refresh'
>;

export function azureHandlers({ azure, computeTree }: Services): {
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
    'trainbench.azure.details': (node) => azure.showDetails(node),
    'trainbench.azure.start': (node) => azure.act(node, 'start'),
    'trainbench.azure.stop': (node) => azure.act(node, 'stop'),
    'trainbench.azure.restart': (node) => azure.act(node, 'restart'),
    'trainbench.azure.detach': (node) => azure.act(node, 'detach'),
    'trainbench.azure.delete': (node) => azure.act(node, 'delete'),
  };
}
