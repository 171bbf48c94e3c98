/** Asks for a new storage account: a name that is free in all of Azure, its place, and how safe its copies are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { env, l10n, Uri } from 'vscode';
import { explained } from '../../../azure/explain.ts';
import {
  accountNamePattern,
  accountNameProblem,
  redundancies,
} from '../../../azure/storage/storageAccounts.ts';
import type { Redundancy } from '../../../azure/storage/storageAccounts.ts';
import { aboutPrice, priceList, redundancyWords } from '../storage/redundancyWords.ts';
import { pickStep, textStep } from './form.ts';
import type { Form, Note, Step } from './formTypes.ts';
import { groupSteps, plainRegionStep } from './placeSteps.ts';
import type { PlaceAnswers, PlaceWish } from './placeSteps.ts';

export interface StorageAnswers extends PlaceAnswers {
  readonly name?: string;
  readonly redundancy?: Redundancy;
}

/** While somebody types, Azure is not asked for every letter. */
const typingMs = 250;

/** @param group that was clicked; else it is asked for */
export function storageForm(
  wish: PlaceWish & { readonly subscription: string; readonly group?: string },
): Form<StorageAnswers> {
  const groups = groupSteps<StorageAnswers>(wish, ({ name = '' }) => `${name}-group`);
  return {
    title: l10n.t('Create Storage Account in {0}', wish.group ?? wish.subscription),
    steps: [
      nameStep(wish),
      ...(wish.group === undefined ? groups : []),
      plainRegionStep<StorageAnswers>(wish),
      redundancyStep(),
      pickStep<StorageAnswers>({
        question: l10n.t('What now?'),
        links: [
          {
            icon: 'link-external',
            tooltip: l10n.t('What storage costs'),
            open: () => env.openExternal(Uri.parse(priceList)),
          },
        ],
        choices: (answers) => [
          {
            label: l10n.t('Create the storage account {0}', answers.name ?? ''),
            description: `${answers.group ?? wish.group ?? ''} · ${answers.location ?? ''}`,
            detail: costText(answers.redundancy ?? 'Standard_LRS'),
            answers: {},
          },
        ],
      }),
    ],
  };
}

function nameStep({ connection, subscriptionId }: PlaceWish): Step<StorageAnswers> {
  let turn = 0;
  return textStep<StorageAnswers>({
    question: l10n.t('Name of the storage account.'),
    prompt: () => l10n.t('It is part of an address, so it is one in all of Azure.'),
    async check(name): Promise<Note | null> {
      if (!accountNamePattern.test(name)) {
        const text = l10n.t('3 to 24 lower case letters and digits.');
        return { severity: 'error', text };
      }
      const mine = ++turn;
      await sleep(typingMs);
      if (mine !== turn) return null; // something else stands there by now
      const attempt = { what: name, role: 'Reader' } as const;
      const problem = await explained(attempt, () =>
        accountNameProblem(connection, subscriptionId, name),
      );
      if (problem === null) return null;
      const text = l10n.t('{0} cannot be had: choose another name. Azure says: {1}', name, problem);
      return { severity: 'error', text };
    },
    take: (name) => ({ name }),
  });
}

function redundancyStep(): Step<StorageAnswers> {
  return pickStep<StorageAnswers>({
    question: l10n.t('How safe should its copies be?'),
    choices: () =>
      redundancies.map((redundancy) => {
        const { label, meaning } = redundancyWords(redundancy);
        return {
          label,
          description: l10n.t('about {0} for a GB a month', dollars(aboutPrice[redundancy])),
          detail: meaning,
          answers: { redundancy },
          isDefault: redundancy === 'Standard_LRS',
        };
      }),
  });
}

/** Storage bills by what lies in it: an hour of 100 GB says how much that is. */
function costText(redundancy: Redundancy): string {
  const hour = (100 * aboutPrice[redundancy]) / 730;
  return l10n.t(
    'It costs nothing while empty; 100 GB cost about {0} an hour, and requests a little.',
    dollars(hour),
  );
}

function dollars(amount: number): string {
  const options = { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(env.language, options).format(amount);
}
