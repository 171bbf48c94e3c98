/** Resource groups: made, and deleted once the user has seen what goes with them. */
import { l10n } from 'vscode';
import { explained } from '../../azure/explain.ts';
import {
  createResourceGroup,
  deleteResourceGroup,
  groupPath,
  listInGroup,
} from '../../azure/resourceGroups.ts';
import type { GroupedResource } from '../../azure/resourceGroups.ts';
import { withProgress } from '../ui/withProgress.ts';
import type { AzureNode } from './azureNodes.ts';
import type { AzurePicker } from './azurePicker.ts';
import { chosen, typedName } from './confirmations.ts';
import { runForm } from './forms/form.ts';
import { groupNameStep, plainRegionStep } from './forms/placeSteps.ts';
import type { PlaceAnswers } from './forms/placeSteps.ts';
import type { RunningOperations } from './runningOperations.ts';
import { isGroup, leadsToGroups } from './storage/storagePicker.ts';
import type { StoragePicker } from './storage/storagePicker.ts';

export interface ResourceGroupParts {
  readonly operations: RunningOperations;
  readonly picker: AzurePicker;
  readonly storagePicker: StoragePicker;
  readonly refresh: (node?: AzureNode) => void;
}

/** How many resources a question names; more are counted. */
const mostNamed = 15;

export class ResourceGroupActions {
  readonly #parts: ResourceGroupParts;

  constructor(parts: ResourceGroupParts) {
    this.#parts = parts;
  }

  async create(node: AzureNode | undefined): Promise<void> {
    const isPlace = node?.kind === 'azure.subscription' || node?.kind === 'azure.resourceGroups';
    const target = isPlace ? node : await this.#parts.picker.subscription();
    if (target === undefined) return;
    const { connection, subscription } = target;
    const { displayName, subscriptionId } = subscription;
    const title = l10n.t('Create Resource Group in {0}', displayName);
    const steps = [
      groupNameStep<PlaceAnswers>({ suggestion: () => '' }),
      plainRegionStep<PlaceAnswers>({ connection, subscriptionId }),
    ];
    const answers = await runForm<PlaceAnswers>({ title, steps }, {});
    if (answers === null) return;
    const group = { subscriptionId, name: answers.group ?? '', location: answers.location ?? '' };
    const operation = { path: groupPath(group), verb: 'create' } as const;
    await this.#parts.operations.run(connection, operation, () =>
      createResourceGroup(connection, group),
    );
    this.#parts.refresh(target);
  }

  async remove(node: AzureNode | undefined): Promise<void> {
    const target = await this.#parts.storagePicker.pick(node, {
      title: l10n.t('Which resource group?'),
      isOne: isGroup,
      leads: leadsToGroups,
    });
    if (target === undefined) return;
    const { group, parent } = target;
    const { connection } = parent;
    const { name } = group;
    const inside = await withProgress({
      title: l10n.t('Looking what is in {0}', name),
      run: (_, signal) =>
        explained({ what: name, role: 'Reader' }, () => listInGroup(connection, group, signal)),
    });
    const goOn = l10n.t('Delete…');
    const text = l10n.t('Delete the resource group {0}?', name);
    if ((await chosen(text, [goOn], losses(inside))) !== goOn) return;
    const last = l10n.t('Delete {0} with all that is in it? This cannot be undone.', name);
    if (!(await typedName(name, last))) return;
    const operation = {
      path: groupPath(group),
      verb: 'delete',
      onAccepted: () => this.#parts.refresh(parent),
    } as const;
    await this.#parts.operations.run(connection, operation, (following) =>
      deleteResourceGroup(connection, group, following),
    );
    this.#parts.refresh(); // workspaces and storage went, too
  }
}

function losses(inside: readonly GroupedResource[]): string {
  if (inside.length === 0) return l10n.t('It is empty.');
  const lines = inside.slice(0, mostNamed).map(({ name, type }) => `• ${name} (${type})`);
  const more = inside.length - lines.length;
  const count =
    inside.length === 1
      ? l10n.t('What is in it goes with it:')
      : l10n.t('All {0} resources in it go with it:', inside.length);
  return [count, ...lines, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join('\n');
}
