/** The forms that attach what exists elsewhere, one for each kind. */
import { l10n } from 'vscode';
import { abilitiesOf } from '../../../../azure/abilities.ts';
import type { AttachType } from '../../../../azure/attach/attachKinds.ts';
import { identitySteps } from '../accessSteps.ts';
import type { ComputeAnswers } from '../computeAnswers.ts';
import { textStep } from '../form.ts';
import type { Form, Step } from '../formTypes.ts';
import { aksForm } from './aksForm.ts';
import { attachEnd, attachNameStep, attachTitle } from './attachPlace.ts';
import type { AttachPlace } from './attachPlace.ts';
import { resourceSteps } from './resourceSteps.ts';
import { machineSshSteps, notEmpty } from './sshSteps.ts';

export function attachForm(type: AttachType, place: AttachPlace): Form<ComputeAnswers> {
  switch (type) {
    case 'virtualmachine':
      return virtualMachineForm(place);
    case 'kubernetes':
      return kubernetesForm(place);
    case 'synapsespark':
      return sparkForm(place);
    case 'databricks':
      return databricksForm(place);
    case 'hdinsight':
      return hdInsightForm(place);
    case 'aks':
      return aksForm(place);
    case 'batch':
      return batchForm(place);
  }
}

function virtualMachineForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, l10n.t('a virtual machine')),
    steps: [
      ...resourceSteps(place, {
        type: 'virtualmachine',
        question: l10n.t('Which virtual machine? Ubuntu with a public address.'),
      }),
      attachNameStep(place, note('VirtualMachine')),
      ...machineSshSteps('azureuser'),
      attachEnd(place, {
        detail: l10n.t('The machine bills as before, whether jobs run on it or not'),
      }),
    ],
  };
}

function kubernetesForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, l10n.t('a Kubernetes cluster')),
    steps: [
      ...resourceSteps(place, {
        type: 'kubernetes',
        question: l10n.t('Which cluster? AKS, or one of your own by Azure Arc.'),
      }),
      attachNameStep(place, note('Kubernetes')),
      textStep<ComputeAnswers>({
        question: l10n.t('Namespace of the jobs.'),
        value: ({ namespace }) => namespace ?? 'default',
        check: (text) =>
          /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
            ? null
            : {
                severity: 'error',
                text: l10n.t('Up to 63 small letters, digits and hyphens; no hyphen at the ends.'),
              },
        take: (namespace) => ({ namespace }),
      }),
      ...endWithIdentity(place, l10n.t('The cluster bills as before')),
    ],
  };
}

function sparkForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, l10n.t('a Synapse Spark pool')),
    steps: [
      ...resourceSteps(place, { type: 'synapsespark', question: l10n.t('Which Spark pool?') }),
      attachNameStep(place, note('SynapseSpark')),
      ...endWithIdentity(place, l10n.t('The pool bills while Spark runs on it')),
    ],
  };
}

function databricksForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, 'Databricks'),
    steps: [
      ...resourceSteps(place, {
        type: 'databricks',
        question: l10n.t('Which Databricks workspace? Of the same subscription.'),
      }),
      attachNameStep(place, note('Databricks')),
      textStep<ComputeAnswers>({
        question: l10n.t('A personal access token of that Databricks workspace.'),
        prompt: () =>
          l10n.t(
            'Made there under Settings, Developer, Access tokens. It is sent to Azure and kept nowhere here.',
          ),
        placeholder: 'dapi…',
        isSecret: true,
        check: (text) => notEmpty(text.trim()),
        take: (text) => ({ access_token: text.trim() }),
      }),
      attachEnd(place, { detail: l10n.t('Its clusters bill while they run') }),
    ],
  };
}

function hdInsightForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, 'HDInsight'),
    steps: [
      ...resourceSteps(place, {
        type: 'hdinsight',
        question: l10n.t('Which HDInsight cluster? With a public address.'),
      }),
      attachNameStep(place, note('HDInsight')),
      textStep<ComputeAnswers>({
        question: l10n.t('Public host of SSH.'),
        value: ({ address = '' }) => address,
        check: (text) =>
          /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)
            ? null
            : { severity: 'error', text: l10n.t('A host such as NAME-ssh.azurehdinsight.net.') },
        take: (address) => ({ address }),
      }),
      ...machineSshSteps('sshuser'),
      attachEnd(place, {
        detail: l10n.t('The cluster bills without pause, whether jobs run on it or not'),
      }),
    ],
  };
}

function batchForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, 'Azure Batch'),
    steps: [
      ...resourceSteps(place, { type: 'batch', question: l10n.t('Which Batch account?') }),
      attachNameStep(place, note('Batch')),
      attachEnd(place, { detail: note('Batch') }),
    ],
  };
}

function endWithIdentity(place: AttachPlace, detail: string): readonly Step<ComputeAnswers>[] {
  const wantsMore = ({ form }: ComputeAnswers) => form?.more === true;
  return [
    attachEnd(place, { detail, offersMore: true }),
    ...identitySteps(place, wantsMore),
    attachEnd(place, { detail, when: wantsMore }),
  ];
}

function note(computeType: string): string {
  return abilitiesOf(computeType).note ?? '';
}
