/** Asks for a compute instance. */
import { l10n } from 'vscode';
import { hourText } from '../money.ts';
import { identitySteps, instanceSshSteps, networkStep } from './accessSteps.ts';
import type { ComputeAnswers, FormPlace } from './computeAnswers.ts';
import { endStep } from './endStep.ts';
import { pickStep, textStep } from './form.ts';
import type { Form, Step } from './formTypes.ts';
import { nameStep } from './nameStep.ts';
import { scheduleSteps } from './scheduleSteps.ts';
import { SizeQuestions } from './sizeSteps.ts';

/** What the form begins with: its maker's alone, and closed. */
export const instanceBeginning: ComputeAnswers = {
  application_sharing_policy: 'personal',
  ssh_public_access_enabled: false,
};

export function instanceForm(place: FormPlace, suggestion: string): Form<ComputeAnswers> {
  const questions = new SizeQuestions(place, 'ComputeInstance');
  const wantsMore = ({ form }: ComputeAnswers) => form?.more === true;
  const price = async (answers: ComputeAnswers) => {
    const offer = await questions.chosen(answers);
    return l10n.t('{0} until it is stopped', hourText(offer?.price ?? null));
  };
  return {
    title: l10n.t('Create Compute Instance'),
    steps: [
      nameStep(place, {
        computeType: 'ComputeInstance',
        question: l10n.t('Name of the instance.'),
        prompt: l10n.t(
          'An instance is one person’s and is not shared; jobs sent to it wait in its queue, one after the other.',
        ),
        suggestion,
      }),
      ...questions.steps(),
      idleStep(),
      endStep({ when: () => true, offersMore: true, price }),
      ...scheduleSteps(wantsMore),
      ...instanceSshSteps(wantsMore),
      networkStep(place, wantsMore),
      ...identitySteps(place, wantsMore),
      ...behalfSteps(wantsMore),
      endStep({ when: wantsMore, offersMore: false, price }),
    ],
  };
}

function idleStep(): Step<ComputeAnswers> {
  const choice = (minutes: number, label: string) => ({
    label,
    answers: { idle_time_before_shutdown_minutes: minutes },
    isDefault: minutes === 60,
  });
  return pickStep<ComputeAnswers>({
    question: l10n.t('Stop by itself when nothing runs on it?'),
    choices: () => [
      choice(30, l10n.t('After {0} minutes', 30)),
      choice(60, l10n.t('After {0} minutes', 60)),
      choice(180, l10n.t('After {0} hours', 3)),
      { label: l10n.t('Never'), detail: l10n.t('It bills until somebody stops it'), answers: {} },
    ],
  });
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function behalfSteps(when: (answers: ComputeAnswers) => boolean): readonly Step<ComputeAnswers>[] {
  const wanted = (answers: ComputeAnswers) => when(answers) && answers.form?.onBehalf === true;
  const check = (text: string) =>
    idPattern.test(text.trim())
      ? null
      : ({
          severity: 'error',
          text: l10n.t('An id such as 00000000-0000-0000-0000-000000000000.'),
        } as const);
  return [
    pickStep<ComputeAnswers>({
      when,
      question: l10n.t('For whom?'),
      choices: ({ form }) => [
        {
          label: l10n.t('For me'),
          answers: { form: { ...form, onBehalf: false } },
          isDefault: true,
        },
        {
          label: l10n.t('On behalf of somebody else…'),
          detail: l10n.t('Only that person can use it then'),
          answers: { form: { ...form, onBehalf: true } },
        },
      ],
    }),
    textStep<ComputeAnswers>({
      when: wanted,
      question: l10n.t('Object id of that person in the directory'),
      check,
      take: (text, { form }) => ({ form: { ...form, objectId: text.trim() } }),
    }),
    textStep<ComputeAnswers>({
      when: wanted,
      question: l10n.t('Id of the directory (tenant)'),
      check,
      take: (text, { form }) => ({
        create_on_behalf_of: { user_object_id: form?.objectId ?? '', user_tenant_id: text.trim() },
      }),
    }),
  ];
}
