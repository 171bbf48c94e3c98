/** Asks what kind of compute is to be made or attached, and says what each can do. */
import { l10n } from 'vscode';
import { abilitiesOf, abilityText } from '../../../azure/abilities.ts';
import type { AttachType } from '../../../azure/attach/attachKinds.ts';
import type { ComputeAnswers } from './computeAnswers.ts';
import { pickStep } from './form.ts';
import type { Choice, Form } from './formTypes.ts';

/** What the form answers with: `form.kind`. */
export type WantedKind = 'amlcompute' | 'computeinstance' | AttachType;

export function kindForm(workspace: string): Form<ComputeAnswers> {
  return {
    title: l10n.t('Create or Attach Compute in {0}', workspace),
    steps: [
      pickStep<ComputeAnswers>({
        question: l10n.t('Which kind of compute?'),
        choices: () => [
          choice(l10n.t('Compute cluster'), 'AmlCompute', 'amlcompute'),
          choice(l10n.t('Compute instance'), 'ComputeInstance', 'computeinstance'),
          choice(l10n.t('Kubernetes cluster'), 'Kubernetes', 'kubernetes'),
          choice(l10n.t('Virtual machine'), 'VirtualMachine', 'virtualmachine'),
          choice(l10n.t('Synapse Spark pool'), 'SynapseSpark', 'synapsespark'),
          choice('Databricks', 'Databricks', 'databricks'),
          choice('HDInsight', 'HDInsight', 'hdinsight'),
          choice(l10n.t('AKS for web services'), 'AKS', 'aks'),
          choice('Azure Batch', 'Batch', 'batch'),
          choice('Azure Data Lake Analytics', 'DataLakeAnalytics', null),
        ],
      }),
    ],
  };
}

/** @param kind null for what can only be seen and detached. */
function choice(
  name: string,
  computeType: string,
  kind: WantedKind | null,
): Choice<ComputeAnswers> {
  const isMade = kind === 'amlcompute' || kind === 'computeinstance';
  const way = isMade ? l10n.t('created') : l10n.t('attached');
  const parts = kind === null ? [abilityText(computeType)] : [way, abilityText(computeType)];
  const { note } = abilitiesOf(computeType);
  return {
    label: name,
    description: parts.join(' · '),
    ...(note === null ? {} : { detail: note }),
    answers: kind === null ? {} : { form: { kind } },
    ...(kind === null ? { isRefused: true } : {}),
  };
}
