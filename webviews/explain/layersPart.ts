/** 2. Forward: a card for each layer with its numbers, and one unit worked out. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { ExplainedLayer } from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { count, paragraph, type Drawing } from './drawing.ts';
import { layerText } from './layerTexts.ts';
import { inputNames, placeName, unitName } from './names.ts';
import { stripOf } from './strip.ts';
import { unitPart } from './unitPart.ts';

export function layersPart(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  return [
    paragraph(texts.forwardText),
    ...step.layers.map((layer, index) => layerCard(drawing, layer, index)),
  ];
}

function layerCard(drawing: Drawing, layer: ExplainedLayer, index: number): HTMLElement {
  const { texts, step, choose } = drawing;
  const { name, config, inputs, sums, output, unit } = layer;
  const inputName = (i: number) =>
    inputNames(drawing, index)[i] ?? placeName(drawing, layer.inputShape, i);
  const [first] = inputs;
  const sizes = [first?.count ?? 0, output.count].map((size) => count(drawing, size));
  const strips = inputs.map((strip, i) =>
    stripOf(drawing, {
      title: strip.from === null ? texts.in : fillIn(texts.inFrom, strip.from),
      strip,
      nameOf: inputName,
      key: `${name}-in${i}`,
    }),
  );
  if (sums !== null) {
    const key = `${name}-sums`;
    const nameOf = (i: number) => unitName(drawing, layer, i);
    strips.push(stripOf(drawing, { title: texts.sums, strip: sums, nameOf, key }));
  }
  strips.push(
    stripOf(drawing, {
      title: texts.out,
      strip: output,
      nameOf: (i) => unitName(drawing, layer, i),
      key: `${name}-out`,
      ...(unit && {
        chosen: unit.index,
        choose: (i: number) => choose({ units: { ...chosenUnits(step.layers), [name]: i } }),
      }),
    }),
  );
  const title = element('h3', { text: name });
  const kind = `${config.type} · ${fillIn(texts.inOut, ...sizes)}`;
  const parts = [
    element('header', {}, title, element('span', { className: 'kind', text: kind })),
    paragraph(layerText(drawing, layer)),
    ...strips,
    ...(unit === null ? [] : [unitPart(drawing, { layer, unit, inputName })]),
  ];
  return element('section', { className: 'card', attributes: { 'data-layer': name } }, ...parts);
}

/** Those worked out now stay so when another row is marked. */
function chosenUnits(layers: readonly ExplainedLayer[]): Readonly<Record<string, number>> {
  return Object.fromEntries(layers.flatMap(({ name, unit }) => (unit ? [[name, unit.index]] : [])));
}
