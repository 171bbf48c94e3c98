/** What a compute will cost an hour, for the question before it is made. */
import { l10n } from 'vscode';
import { findSize, hourPrice } from '../../azure/vmSizes.ts';
import { locationOf } from '../../azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../azure/yaml/computeDocument.ts';
import type { FormPlace } from './forms/computeAnswers.ts';
import { hourText } from './money.ts';

/** A sentence; empty for what has no machines of its own. */
export async function estimate(
  { kind, values }: ComputeDocument,
  { sizes, workspace }: FormPlace,
): Promise<string> {
  if (kind.type !== 'amlcompute' && kind.type !== 'computeinstance') return '';
  const location = locationOf(values, workspace);
  const tier = values['tier'] === 'low_priority' ? 'LowPriority' : 'Standard';
  const region = { subscriptionId: workspace.subscriptionId, location };
  const known = await sizes.list(region).catch(() => []); // a price is not worth failing for
  const size = findSize(known, String(values['size']));
  const price = size === undefined ? null : hourPrice(size, tier);
  if (kind.type === 'computeinstance') {
    return l10n.t('It costs {0} until it is stopped.', hourText(price));
  }
  const least = Number(values['min_instances']);
  const most = hourText(price, Number(values['max_instances']));
  if (least === 0) return l10n.t('It costs at most {0}, and nothing while no node runs.', most);
  return l10n.t(
    'It costs at least {0}, day and night, and at most {1}.',
    hourText(price, least),
    most,
  );
}
