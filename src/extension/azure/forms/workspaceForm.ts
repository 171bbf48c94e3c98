/** Asks for a new workspace: its region with its quota, its resource group, and what it stands on. */
import { l10n } from 'vscode';
import type { AzureConnection } from '../../../azure/connection.ts';
import { explained } from '../../../azure/explain.ts';
import { listLocations } from '../../../azure/locations.ts';
import { listUsages } from '../../../azure/vmSizes.ts';
import {
  dependencyTypes,
  listResources,
  workspaceNamePattern,
} from '../../../azure/workspaceEdits.ts';
import type { Dependency } from '../../../azure/workspaceEdits.ts';
import { pickStep, textStep } from './form.ts';
import type { Form, Step } from './formTypes.ts';
import { groupSteps } from './placeSteps.ts';
import type { PlaceAnswers, PlaceWish } from './placeSteps.ts';

export interface WorkspaceAnswers extends PlaceAnswers {
  readonly name?: string;
  /** Ids of what is there; absent for what is to be made. */
  readonly storageAccount?: string;
  readonly keyVault?: string;
  readonly applicationInsights?: string;
}

export interface WorkspaceWish extends PlaceWish {
  readonly subscription: string;
}

export function workspaceForm(wish: WorkspaceWish): Form<WorkspaceAnswers> {
  const { subscription } = wish;
  return {
    title: l10n.t('Create Workspace in {0}', subscription),
    steps: [
      textStep<WorkspaceAnswers>({
        question: l10n.t('Name of the workspace.'),
        check: (name) =>
          workspaceNamePattern.test(name)
            ? null
            : {
                severity: 'error',
                text: l10n.t(
                  '3 to 33 letters, digits, hyphens and underscores; a letter or digit first.',
                ),
              },
        take: (name) => ({ name }),
      }),
      regionStep(wish),
      ...groupSteps<WorkspaceAnswers>(wish, ({ name = '' }) => `${name}-group`),
      dependencyStep(wish, 'storageAccount', l10n.t('Which storage account?')),
      dependencyStep(wish, 'keyVault', l10n.t('Which key vault?')),
      dependencyStep(wish, 'applicationInsights', l10n.t('Which Application Insights?')),
      pickStep<WorkspaceAnswers>({
        question: l10n.t('What now?'),
        choices: ({ group = '', location = '', name = '' }) => [
          {
            label: l10n.t('Create the workspace {0}', name),
            description: `${group} · ${location}`,
            detail: l10n.t(
              'The workspace itself costs nothing; its storage and what runs in it do.',
            ),
            answers: {},
          },
        ],
      }),
    ],
  };
}

function regionStep({ connection, subscriptionId }: WorkspaceWish): Step<WorkspaceAnswers> {
  return pickStep<WorkspaceAnswers>({
    question: l10n.t('In which region?'),
    async choices() {
      const attempt = { what: subscriptionId, role: 'Reader' } as const;
      const regions = await explained(attempt, () => listLocations(connection, subscriptionId));
      const quotas = await Promise.all(
        regions.map(({ name }) => coresLeft(connection, { subscriptionId, location: name })),
      );
      return regions.map(({ displayName, geography, name }, index) => ({
        label: displayName,
        description: [name, geography].filter((part) => part !== '').join(' · '),
        detail: quotaText(quotas[index] ?? null),
        answers: { location: name },
      }));
    },
  });
}

/** vCPUs of the best family there; null where the region does not tell. */
async function coresLeft(
  connection: AzureConnection,
  region: { readonly subscriptionId: string; readonly location: string },
): Promise<number | null> {
  const usages = await listUsages(connection, region).catch(() => null); // not a region of Machine Learning
  if (usages === null || usages.length === 0) return null;
  const left = usages.map(({ currentValue = 0, limit = 0 }) => limit - currentValue);
  return Math.max(0, ...left);
}

function quotaText(left: number | null): string {
  if (left === null)
    return l10n.t('It does not say what quota there is: perhaps no Machine Learning');
  if (left === 0) return l10n.t('No quota left there');
  return l10n.t('Quota left: up to {0} vCPUs of a family', left);
}

function dependencyStep(
  { connection, subscriptionId }: WorkspaceWish,
  dependency: Dependency,
  question: string,
): Step<WorkspaceAnswers> {
  return pickStep<WorkspaceAnswers>({
    question,
    async choices({ location }) {
      const type = dependencyTypes[dependency];
      const attempt = { what: subscriptionId, role: 'Reader' } as const;
      const found = await explained(attempt, () => listResources(connection, subscriptionId, type));
      const near = found.filter((one) => one.location === location);
      return [
        {
          label: l10n.t('$(add) Make a new one'),
          detail: l10n.t('In the resource group of the workspace'),
          answers: {},
          isDefault: true,
        },
        ...near.map(({ id, name }) => ({
          label: name,
          description: id,
          answers: { [dependency]: id },
        })),
      ];
    },
  });
}
