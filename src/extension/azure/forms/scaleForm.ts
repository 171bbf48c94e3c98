/** Asks how many nodes a cluster that exists shall have. */
import { l10n } from 'vscode';
import type { ComputeTarget } from '../../../azure/computes.ts';
import type { AzureConnection } from '../../../azure/connection.ts';
import type { HourPrice } from '../../../azure/vmSizes.ts';
import { hourText } from '../money.ts';
import { scaleSteps } from './clusterForm.ts';
import type { ComputeAnswers } from './computeAnswers.ts';
import { changeStep } from './endStep.ts';
import type { Form } from './formTypes.ts';

export interface ScaleWish {
  readonly connection: AzureConnection;
  readonly compute: ComputeTarget;
  readonly price: HourPrice | null;
}

export function scaleForm({
  compute: { name },
  connection,
  price,
}: ScaleWish): Form<ComputeAnswers> {
  const chosen = () =>
    Promise.resolve({
      name: '',
      purpose: 'general' as const,
      vCPUs: 0,
      memoryGB: 0,
      gpus: 0,
      price,
      left: null,
      coresLeft: null,
    });
  return {
    title: l10n.t('Change Scale of {0}', name),
    steps: [
      ...scaleSteps({ connection }, { chosen }),
      changeStep(({ max_instances = 0, min_instances = 0 }) => ({
        label: l10n.t('Change {0} to {1} to {2} nodes', name, min_instances, max_instances),
        detail: l10n.t('At most {0}', hourText(price, max_instances)),
      })),
    ],
  };
}
