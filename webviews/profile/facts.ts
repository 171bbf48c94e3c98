/** What was measured, on what, and the memory it takes. */
import { fillIn, formatBytes, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type { Profile } from '../../src/shared/protocol/profile.ts';
import { element } from '../kit/dom.ts';
import { factList, remark } from '../kit/facts.ts';
import type { Words } from './words.ts';

export function factsOf(profile: Profile, { texts, locale }: Words): HTMLElement {
  const { stepMilliseconds, kernelMilliseconds, steps, batchSize, memory, busy } = profile;
  const { device, backend, threads } = profile;
  const milliseconds = formatValue(kernelMilliseconds, locale);
  const rows: [string, string][] = [
    [texts.asTrained, `${formatValue(stepMilliseconds, locale)} ms`],
    [texts.kernels, fillIn(texts.timed, milliseconds, formatCount(steps, locale))],
    [texts.batch, formatCount(batchSize, locale)],
    [texts.device, `${device} (${backend})`],
    [texts.threads, formatCount(threads, locale)],
  ];
  if (memory !== null) {
    const { total, working, state, columns, data } = memory;
    const parts = [total, working, state, columns, data].map((bytes) => formatBytes(bytes, locale));
    rows.push([texts.memory, fillIn(texts.memoryParts, ...parts)]);
  }
  const warning = busy ? [remark('warning', texts.busy)] : [];
  return element('div', { id: 'facts' }, factList(rows), ...warning);
}
