/** Asks for the identity of a compute that exists. */
import { l10n } from 'vscode';
import { identitySteps } from './accessSteps.ts';
import type { ComputeAnswers, FormPlace } from './computeAnswers.ts';
import { changeStep } from './endStep.ts';
import type { Form } from './formTypes.ts';

export function identityForm(place: FormPlace, name: string): Form<ComputeAnswers> {
  return {
    title: l10n.t('Identity of {0}', name),
    steps: [
      ...identitySteps(place, () => true),
      changeStep(() => ({ label: l10n.t('Change the identity of {0}', name) })),
    ],
  };
}
