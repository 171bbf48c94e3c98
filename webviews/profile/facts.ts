/** What was measured, on what, and the memory it takes. */
import { fillIn, formatBytes, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type { Profile } from '../../src/shared/protocol/profile.ts';
import { element } from '../kit/dom.ts';
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
  const list = element(
    'dl',
    {},
    ...rows.flatMap(([name, value]) => [
      element('dt', { text: name }),
      element('dd', { text: value }),
    ]),
  );
  const warning = element('p', { className: 'warning', text: texts.busy });
  return element('div', { id: 'facts' }, list, ...(busy ? [warning] : []));
}
