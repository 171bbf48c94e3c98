/** The last question of a form that makes something: send it, keep it as YAML, or go on to what is seldom set. */
import { l10n } from 'vscode';
import type { ComputeAnswers } from './computeAnswers.ts';
import { pickStep } from './form.ts';
import type { Choice, Step } from './formTypes.ts';

export interface EndWish {
  readonly when: (answers: ComputeAnswers) => boolean;
  readonly offersMore: boolean;
  /** What it will cost, for the choice that spends it. */
  readonly price: (answers: ComputeAnswers) => Promise<string>;
  /** In place of those of what is created. */
  readonly words?: EndWords;
}

export interface EndWords {
  /** `Attach lab-machine` */
  readonly send: (name: string) => string;
  /** What saving does not do, and what it leaves out. */
  readonly save: string;
  readonly more: string;
}

export function endStep({ offersMore, price, when, words }: EndWish): Step<ComputeAnswers> {
  return pickStep<ComputeAnswers>({
    when,
    question: l10n.t('What now?'),
    async choices(answers) {
      const { form, name = '', size = '' } = answers;
      return [
        {
          label: words?.send(name) ?? l10n.t('Create {0}', name),
          description: size,
          detail: await price(answers),
          answers: { form: { ...form, end: 'send' as const } },
          ends: true,
          isDefault: true,
        },
        saving(answers, words?.save ?? l10n.t('Creates nothing now')),
        ...(offersMore
          ? [
              {
                label: l10n.t('More settings…'),
                detail: words?.more ?? l10n.t('SSH, network, identity and the like'),
                answers: { form: { ...form, more: true } },
              },
            ]
          : []),
      ];
    },
  });
}

/** The last question of a form that changes what is there. @param change what the choice that sends it says */
export function changeStep(
  change: (answers: ComputeAnswers) => Pick<Choice<ComputeAnswers>, 'label' | 'detail'>,
): Step<ComputeAnswers> {
  return pickStep<ComputeAnswers>({
    question: l10n.t('What now?'),
    choices: (answers) => [
      { ...change(answers), answers: {}, isDefault: true },
      saving(answers, l10n.t('Changes nothing now')),
    ],
  });
}

function saving({ form }: ComputeAnswers, detail: string): Choice<ComputeAnswers> {
  const answers = { form: { ...form, end: 'save' as const } };
  return { label: l10n.t('Save as YAML…'), detail, answers, ends: true };
}
