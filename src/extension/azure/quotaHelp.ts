/** What else would do where the quota does not allow a compute: another size, another region. */
import { l10n } from 'vscode';
import { regionsWith } from '../../azure/locations.ts';
import { nextOffer, sizeOffers } from '../../azure/sizeOffers.ts';
import { listUsages } from '../../azure/vmSizes.ts';
import { locationOf } from '../../azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../azure/yaml/computeDocument.ts';
import type { Tree } from '../../azure/yaml/fields.ts';
import type { FormPlace } from './forms/computeAnswers.ts';
import { hourText } from './money.ts';

export interface OtherWay {
  /** What its button says. */
  readonly label: string;
  /** What it changes in the document. */
  readonly values: Tree;
}

/** Only suggestions: what cannot be found out is left out. */
export async function otherWays(
  { kind, values }: ComputeDocument,
  { connection, sizes, workspace }: FormPlace,
): Promise<readonly OtherWay[]> {
  if (kind.type !== 'amlcompute' && kind.type !== 'computeinstance') return [];
  const computeType = kind.type === 'amlcompute' ? 'AmlCompute' : 'ComputeInstance';
  const tier = values['tier'] === 'low_priority' ? 'LowPriority' : 'Standard';
  const wish = { computeType, tier } as const;
  const { subscriptionId } = workspace;
  const place = { subscriptionId, location: locationOf(values, workspace) };
  const need = { size: String(values['size']), machines: Number(values['min_instances'] ?? 1) };
  const bySize = async (): Promise<readonly OtherWay[]> => {
    const [all, usages] = await Promise.all([sizes.list(place), listUsages(connection, place)]);
    const next = nextOffer(sizeOffers(all, usages, wish), need);
    if (next === null) return [];
    const label = l10n.t('Take {0} ({1})', next.name, hourText(next.price));
    return [{ label, values: { size: next.name } }];
  };
  const byRegion = async (): Promise<readonly OtherWay[]> => {
    if (computeType !== 'AmlCompute') return []; // an instance stands where its workspace is
    const [best] = await regionsWith(connection, sizes, { need, place, wish });
    if (best === undefined) return [];
    const { location, offer } = best;
    const label = l10n.t('Take {0} ({1})', location.displayName, hourText(offer.price));
    return [{ label, values: { location: location.name } }];
  };
  const found = await Promise.all([bySize(), byRegion()].map((ways) => ways.catch(() => [])));
  return found.flat();
}
