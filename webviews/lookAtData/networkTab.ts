/** The layers of a config's model: what comes out of each, and how many parameters it has. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { ModelSummary } from '../../src/shared/protocol/core.ts';
import { element } from '../kit/dom.ts';
import type { ViewContext } from './viewContext.ts';

export function networkPanel(
  { layers, parameters, trainableParameters }: ModelSummary,
  { texts, locale }: ViewContext,
): HTMLElement {
  const count = (value: number) => formatCount(value, locale);
  const head = [texts.networkLayer, texts.networkShape, texts.networkParameters];
  const rows = layers.map(({ name, type, outputShape, parameters: own }) =>
    element(
      'tr',
      {},
      element('th', { text: `${name} (${type})`, attributes: { scope: 'row' } }),
      element('td', { text: outputShape.map(count).join(' × ') }),
      element('td', { className: 'number', text: count(own) }),
    ),
  );
  const title = element(
    'tr',
    {},
    ...head.map((text) => element('th', { text, attributes: { scope: 'col' } })),
  );
  const total = fillIn(texts.networkTotal, count(parameters), count(trainableParameters));
  return element(
    'div',
    {},
    element('table', { id: 'network' }, title, ...rows),
    element('p', { text: total }),
  );
}
