/** What detaching a compute leaves behind, and what that goes on costing. */
import { l10n } from 'vscode';
import type { ComputeTarget } from '../../azure/computes.ts';
import { lastName } from '../../azure/resourceIds.ts';

export function detachText(compute: ComputeTarget): string {
  return l10n.t(
    'Detach {0}? Jobs can no longer be sent to it. {1}',
    compute.name,
    stayText(compute),
  );
}

/** A sentence. */
export function stayText({ name, properties }: ComputeTarget): string {
  const id = properties?.resourceId;
  const resource = typeof id === 'string' && id !== '' ? lastName(id) : name;
  switch (properties?.computeType) {
    case 'VirtualMachine':
      return l10n.t(
        'The virtual machine {0} stays, and bills until it is stopped where it is.',
        resource,
      );
    case 'Kubernetes':
    case 'AKS':
      return l10n.t('The cluster {0} stays, and its nodes bill day and night.', resource);
    case 'Databricks':
      return l10n.t(
        'The Databricks workspace {0} stays, and its clusters bill while they run.',
        resource,
      );
    case 'SynapseSpark':
      return l10n.t('The Spark pool {0} stays, and bills while Spark runs on it.', resource);
    case 'HDInsight':
      return l10n.t(
        'The HDInsight cluster {0} stays, and bills until it is deleted where it is.',
        resource,
      );
    case 'DataLakeAnalytics':
      return l10n.t('{0} is retired: nothing of it is left that bills.', resource);
    default:
      return l10n.t('What it stands for stays, and goes on billing: {0}.', resource);
  }
}
