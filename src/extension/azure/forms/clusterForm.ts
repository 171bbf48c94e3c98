/** Asks for a compute cluster. */
import { l10n } from 'vscode';
import type { SizeOffer } from '../../../azure/sizeOffers.ts';
import { hourText, money } from '../money.ts';
import { clusterSshSteps, identitySteps, networkStep } from './accessSteps.ts';
import type { ComputeAnswers, FormPlace } from './computeAnswers.ts';
import { endStep } from './endStep.ts';
import { numberNote, pickStep, textStep } from './form.ts';
import type { Form, Note, Step } from './formTypes.ts';
import { nameStep } from './nameStep.ts';
import { quotaLinks, SizeQuestions } from './sizeSteps.ts';

export function clusterForm(place: FormPlace): Form<ComputeAnswers> {
  const questions = new SizeQuestions(place, 'AmlCompute');
  const wantsMore = ({ form }: ComputeAnswers) => form?.more === true;
  const end = (when: (answers: ComputeAnswers) => boolean, offersMore: boolean) =>
    endStep({
      when,
      offersMore,
      price: async (answers) => costText(answers, await questions.chosen(answers)),
    });
  return {
    title: l10n.t('Create Compute Cluster'),
    steps: [
      nameStep(place, {
        computeType: 'AmlCompute',
        question: l10n.t('Name of the cluster.'),
        prompt: l10n.t('Jobs and people of the workspace {0} share it.', place.workspace.name),
        suggestion: 'cpu-cluster',
      }),
      tierStep(),
      ...questions.steps(),
      ...scaleSteps(place, questions),
      end(() => true, true),
      ...clusterSshSteps(wantsMore),
      networkStep(place, wantsMore),
      ...identitySteps(place, wantsMore),
      end(wantsMore, false),
    ],
  };
}

function tierStep(): Step<ComputeAnswers> {
  return pickStep<ComputeAnswers>({
    question: l10n.t('Dedicated or low priority?'),
    choices: () => [
      {
        label: l10n.t('Dedicated'),
        detail: l10n.t('The nodes are yours until the job ends'),
        answers: { tier: 'dedicated' },
        isDefault: true,
      },
      {
        label: l10n.t('Low priority'),
        detail: l10n.t(
          'Costs a fraction and has no guarantee: Azure may take a node away, and its job starts again',
        ),
        answers: { tier: 'low_priority' },
      },
    ],
  });
}

/** Above so many nodes, nodes do not talk to each other. */
const mostTalkingNodes = 100;
const mostNodes = 65_000;

/** How many nodes and how long they wait; also for changing a cluster that exists. */
export function scaleSteps(
  place: Pick<FormPlace, 'connection'>,
  questions: { chosen(answers: ComputeAnswers): Promise<SizeOffer | undefined> },
): readonly Step<ComputeAnswers>[] {
  const whole = l10n.t('A whole number from 0 to {0}.', mostNodes);
  return [
    textStep<ComputeAnswers>({
      question: l10n.t('Least number of nodes.'),
      prompt: () => l10n.t('With 0 the cluster costs nothing while no job runs.'),
      value: ({ min_instances }) => String(min_instances ?? 0),
      async check(text, answers) {
        const wrong = numberNote(text, { least: 0, most: mostNodes, says: whole });
        if (wrong !== null || Number(text) === 0) return wrong;
        return {
          severity: 'warning',
          text: alwaysText(Number(text), await questions.chosen(answers)),
        };
      },
      take: (text) => ({ min_instances: Number(text) }),
    }),
    textStep<ComputeAnswers>({
      question: l10n.t('Most nodes.'),
      prompt: () => l10n.t('Jobs bring up as many as they need.'),
      links: quotaLinks(place),
      value: ({ max_instances, min_instances = 0 }) =>
        String(max_instances ?? Math.max(4, min_instances)),
      async check(text, answers) {
        const wrong = numberNote(text, { least: 0, most: mostNodes, says: whole });
        return wrong ?? mostNote(Number(text), answers, await questions.chosen(answers));
      },
      take: (text) => ({ max_instances: Number(text) }),
    }),
    textStep<ComputeAnswers>({
      question: l10n.t('Seconds that a node waits for another job before it goes.'),
      value: ({ idle_time_before_scale_down }) => String(idle_time_before_scale_down ?? 120),
      check: (text) =>
        numberNote(text, {
          least: 0,
          most: 86_400,
          says: l10n.t('A whole number of seconds, up to {0} (a day).', 86_400),
        }),
      take: (text) => ({ idle_time_before_scale_down: Number(text) }),
    }),
  ];
}

function alwaysText(nodes: number, offer: SizeOffer | undefined): string {
  if (offer?.price === undefined || offer.price === null) {
    return l10n.t('They bill without pause, also while no job runs.');
  }
  return l10n.t(
    'They bill without pause, also while no job runs: {0} an hour.',
    money(offer.price, nodes),
  );
}

function mostNote(
  nodes: number,
  { min_instances = 0 }: ComputeAnswers,
  offer: SizeOffer | undefined,
): Note | null {
  if (nodes < min_instances) {
    return {
      severity: 'error',
      text: l10n.t('No fewer than the least number, {0}.', min_instances),
    };
  }
  if (nodes > mostTalkingNodes) {
    const text = l10n.t(
      'With more than {0} nodes they cannot talk to each other: no distributed training. It takes a support request, which the button above opens.',
      mostTalkingNodes,
    );
    return { severity: 'warning', text };
  }
  if (offer?.left === undefined || offer.left === null || nodes <= offer.left) return null;
  const text = l10n.t(
    'The quota allows {0} of this size now; the others wait until there is more.',
    offer.left,
  );
  return { severity: 'warning', text };
}

function costText(
  { max_instances = 0, min_instances = 0 }: ComputeAnswers,
  offer: SizeOffer | undefined,
): string {
  const price = offer?.price ?? null;
  const most = hourText(price, max_instances);
  if (min_instances === 0) return l10n.t('At most {0}; nothing while no node runs', most);
  return l10n.t('At least {0}, day and night; at most {1}', hourText(price, min_instances), most);
}
