/** Asks for the size of machines: first what they are for, then which, with price and quota. */
import { env, l10n, Uri } from 'vscode';
import { explained } from '../../../azure/explain.ts';
import { findOffer, sizeOffers } from '../../../azure/sizeOffers.ts';
import type { OfferWish, SizeOffer, SizePurpose } from '../../../azure/sizeOffers.ts';
import { listUsages } from '../../../azure/vmSizes.ts';
import { hourText } from '../money.ts';
import type { ComputeAnswers, FormPlace } from './computeAnswers.ts';
import { pickStep } from './form.ts';
import type { Choice, Link, Step } from './formTypes.ts';

export class SizeQuestions {
  readonly #place: FormPlace;
  readonly #computeType: OfferWish['computeType'];
  readonly #read = new Map<string, Promise<readonly SizeOffer[]>>();

  constructor(place: FormPlace, computeType: OfferWish['computeType']) {
    this.#place = place;
    this.#computeType = computeType;
  }

  /** Read once a form. */
  offers({ tier }: ComputeAnswers): Promise<readonly SizeOffer[]> {
    const key = tier === 'low_priority' ? 'LowPriority' : 'Standard';
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const { connection, sizes, workspace } = this.#place;
    const attempt = { what: workspace.location, role: 'Reader' } as const;
    const offers = explained(attempt, () =>
      Promise.all([sizes.list(workspace), listUsages(connection, workspace)]),
    ).then(([all, usages]) =>
      sizeOffers(all, usages, { computeType: this.#computeType, tier: key }),
    );
    this.#read.set(key, offers);
    return offers;
  }

  async chosen(answers: ComputeAnswers): Promise<SizeOffer | undefined> {
    return findOffer(await this.offers(answers), answers.size ?? '');
  }

  steps(): readonly Step<ComputeAnswers>[] {
    return [
      pickStep<ComputeAnswers>({
        question: l10n.t('What are the machines for?'),
        choices: async (answers) => purposeChoices(await this.offers(answers), answers),
      }),
      pickStep<ComputeAnswers>({
        question: l10n.t('Which size?'),
        links: quotaLinks(this.#place),
        choices: async (answers) => {
          const purpose = answers.form?.purpose ?? 'all';
          const offers = await this.offers(answers);
          const fitting = offers.filter((offer) => purpose === 'all' || offer.purpose === purpose);
          return sizeChoices(fitting);
        },
      }),
    ];
  }
}

function purposeChoices(
  offers: readonly SizeOffer[],
  { form }: ComputeAnswers,
): readonly Choice<ComputeAnswers>[] {
  const kinds: readonly (readonly [SizePurpose | 'all', string, string])[] = [
    ['general', l10n.t('CPU, general purpose'), l10n.t('About 4 GB for each vCPU')],
    [
      'memory',
      l10n.t('CPU, memory optimised'),
      l10n.t('8 GB and more for each vCPU: large tables'),
    ],
    ['compute', l10n.t('CPU, compute optimised'), l10n.t('About 2 GB for each vCPU')],
    ['gpu', l10n.t('With GPU'), l10n.t('For images, text and deep networks')],
    ['all', l10n.t('All sizes'), l10n.t('Cheapest first')],
  ];
  return kinds.flatMap(([purpose, label, detail]) => {
    const count = offers.filter((offer) => purpose === 'all' || offer.purpose === purpose).length;
    if (count === 0) return [];
    return [
      {
        label,
        detail,
        description: count === 1 ? l10n.t('one size') : l10n.t('{0} sizes', count),
        answers: { form: { ...form, purpose } },
      },
    ];
  });
}

/** What the quota allows comes first. */
function sizeChoices(offers: readonly SizeOffer[]): readonly Choice<ComputeAnswers>[] {
  const isOut = ({ left }: SizeOffer) => left !== null && left < 1;
  const open = offers.filter((offer) => !isOut(offer));
  return [...open, ...offers.filter(isOut)].map((offer, index) => ({
    label: offer.name,
    description: sizeText(offer),
    detail: quotaText(offer),
    answers: { size: offer.name },
    isDefault: index === 0,
  }));
}

function sizeText({ gpus, memoryGB, price, vCPUs }: SizeOffer): string {
  const machine = l10n.t('{0} vCPUs · {1} GB', vCPUs, memoryGB);
  const gpu = gpus === 0 ? '' : gpus === 1 ? l10n.t('one GPU') : l10n.t('{0} GPUs', gpus);
  return [machine, gpu, hourText(price)].filter((part) => part !== '').join(' · ');
}

function quotaText({ coresLeft, left }: SizeOffer): string {
  if (coresLeft === null || left === null) return l10n.t('Azure does not say what quota is left');
  if (coresLeft === Infinity) return l10n.t('No limit by quota');
  if (left < 1)
    return l10n.t(
      'No quota left for this size ({0} vCPUs): choose another one or request more',
      coresLeft,
    );
  return left === 1
    ? l10n.t('Quota left: {0} vCPUs, for 1 machine', coresLeft)
    : l10n.t('Quota left: {0} vCPUs, for {1} machines', coresLeft, left);
}

/** Where users ask for more; none in clouds without a portal. */
export function quotaLinks({ connection }: Pick<FormPlace, 'connection'>): readonly Link[] {
  const { portal } = connection.cloud;
  if (portal === '') return [];
  const address = `${portal}/#blade/Microsoft_Azure_Support/NewSupportRequestV3Blade`;
  return [
    {
      icon: 'link-external',
      tooltip: l10n.t('Request more quota in the Azure portal'),
      open: () => env.openExternal(Uri.parse(address)),
    },
  ];
}
