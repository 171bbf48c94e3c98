/** Steps that ask where something is made: in which resource group, in which region. */
import { l10n } from 'vscode';
import type { AzureConnection } from '../../../azure/connection.ts';
import { explained } from '../../../azure/explain.ts';
import { listLocations } from '../../../azure/locations.ts';
import { groupNamePattern, listResourceGroups } from '../../../azure/resourceGroups.ts';
import { pickStep, textStep } from './form.ts';
import type { Choice, Step } from './formTypes.ts';

export interface PlaceAnswers {
  readonly group?: string;
  readonly isNewGroup?: boolean;
  /** `eastus` */
  readonly location?: string;
}

export interface PlaceWish {
  readonly connection: AzureConnection;
  readonly subscriptionId: string;
}

/** An existing group or the name of a new one. @param suggestion for that name */
export function groupSteps<Answers extends PlaceAnswers>(
  { connection, subscriptionId }: PlaceWish,
  suggestion: (answers: Answers) => string,
): readonly Step<Answers>[] {
  const answer = (given: PlaceAnswers) => given as Partial<Answers>;
  return [
    pickStep<Answers>({
      question: l10n.t('In which resource group?'),
      async choices() {
        const attempt = { what: subscriptionId, role: 'Reader' } as const;
        const groups = await explained(attempt, () =>
          listResourceGroups(connection, subscriptionId),
        );
        const fresh: Choice<Answers> = {
          label: l10n.t('$(add) A new one…'),
          answers: answer({ isNewGroup: true }),
        };
        return [
          fresh,
          ...groups.map(({ location, name }) => ({
            label: name,
            description: location,
            answers: answer({ group: name, isNewGroup: false }),
          })),
        ];
      },
    }),
    groupNameStep<Answers>({ when: ({ isNewGroup }) => isNewGroup === true, suggestion }),
  ];
}

export function groupNameStep<Answers extends PlaceAnswers>({
  suggestion,
  when,
}: {
  readonly when?: (answers: Answers) => boolean;
  readonly suggestion: (answers: Answers) => string;
}): Step<Answers> {
  return textStep<Answers>({
    ...(when === undefined ? {} : { when }),
    question: l10n.t('Name of the new resource group.'),
    value: suggestion,
    check: (text) =>
      groupNamePattern.test(text)
        ? null
        : {
            severity: 'error',
            text: l10n.t(
              'Up to 90 letters, digits, hyphens, underscores, brackets and points; no point at the end.',
            ),
          },
    take: (group) => ({ group }) as Partial<Answers>,
  });
}

/** Without quotas, for what needs none. */
export function plainRegionStep<Answers extends PlaceAnswers>({
  connection,
  subscriptionId,
}: PlaceWish): Step<Answers> {
  return pickStep<Answers>({
    question: l10n.t('In which region?'),
    async choices() {
      const attempt = { what: subscriptionId, role: 'Reader' } as const;
      const regions = await explained(attempt, () => listLocations(connection, subscriptionId));
      return regions.map(({ displayName, geography, name }) => ({
        label: displayName,
        description: [name, geography].filter((part) => part !== '').join(' · '),
        answers: { location: name } as Partial<Answers>,
      }));
    },
  });
}
