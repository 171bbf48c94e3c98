/** 2. Forward: a card for each layer with its numbers, and one unit worked out. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { ExplainedLayer, FeatureMaps } from '../../src/shared/protocol/explainStep.ts';
import type { InputImage } from '../../src/shared/protocol/runInputs.ts';
import { element } from '../kit/dom.ts';
import { drawPicture } from '../kit/picture.ts';
import { count, paragraph, type Drawing } from './drawing.ts';
import { layerText } from './layerTexts.ts';
import { mapPicture } from './mapPicture.ts';
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
  const { texts } = drawing;
  const { name, config, inputShape, outputShape, maps } = layer;
  const sizes = [inputShape, outputShape].map((shape) => shapeText(drawing, shape));
  const title = element('h3', { text: name });
  const kind = `${config.type} · ${fillIn(texts.inOut, ...sizes)}`;
  const parts = [
    element('header', {}, title, element('span', { className: 'kind', text: kind })),
    paragraph(layerText(drawing, layer)),
    ...inputStrips(drawing, layer, index),
    ...(maps === null ? outputStrips(drawing, layer) : [outputMaps(drawing, layer, maps)]),
    ...workedUnit(drawing, layer, index),
  ];
  return element('section', { className: 'card', attributes: { 'data-layer': name } }, ...parts);
}

/** `32 × 32 × 3`; of one axis how many values. */
function shapeText(drawing: Drawing, shape: readonly number[]): string {
  return shape.length === 0 ? '1' : shape.map((size) => count(drawing, size)).join(' × ');
}

/** What came in: an image of the data as such; maps of a layer before are told by their size alone, they are above. */
function inputStrips(drawing: Drawing, layer: ExplainedLayer, index: number): HTMLElement[] {
  const { texts, step } = drawing;
  const names = inputNames(drawing, index);
  return layer.inputs.flatMap((strip, i) => {
    const title = strip.from === null ? texts.in : fillIn(texts.inFrom, strip.from);
    const row = step.data.rows.find((each) => each.row === step.row);
    if (strip.from === null && row?.picture) return [picturePart(title, row.picture)];
    const source = step.layers.find((each) => each.name === strip.from);
    if (source?.maps) return [paragraph(`${title}: ${shapeText(drawing, source.outputShape)}`)];
    const nameOf = (at: number) => names[at] ?? placeName(drawing, layer.inputShape, at);
    return [stripOf(drawing, { title, strip, nameOf, key: `${layer.name}-in${i}` })];
  });
}

function picturePart(title: string, picture: InputImage): HTMLElement {
  const canvas = element('canvas', { attributes: { role: 'img', 'aria-label': title } });
  drawPicture(canvas, picture, 128);
  const label = element('span', { className: 'strip-title', text: title });
  return element('div', { className: 'strip picture' }, label, canvas);
}

function outputStrips(drawing: Drawing, layer: ExplainedLayer): HTMLElement[] {
  const { texts } = drawing;
  const { name, sums, output, unit } = layer;
  const nameOf = (i: number) => unitName(drawing, layer, i);
  const strips = [];
  if (sums !== null) {
    strips.push(stripOf(drawing, { title: texts.sums, strip: sums, nameOf, key: `${name}-sums` }));
  }
  const chosen = unit && { chosen: unit.index, choose: chooser(drawing, layer) };
  const own = { title: texts.out, strip: output, nameOf, key: `${name}-out` };
  return [...strips, stripOf(drawing, { ...own, ...chosen })];
}

function outputMaps(drawing: Drawing, layer: ExplainedLayer, maps: FeatureMaps): HTMLElement {
  const { name, unit } = layer;
  const chosen = unit && { chosen: unit.index, choose: chooser(drawing, layer) };
  return mapPicture(drawing, {
    maps,
    title: drawing.texts.out,
    key: `${name}-out`,
    ...chosen,
  });
}

function chooser({ step, choose }: Drawing, { name }: ExplainedLayer): (unit: number) => void {
  return (i) => choose({ units: { ...chosenUnits(step.layers), [name]: i } });
}

/** Folded where the output is drawn as maps: each sum is of dozens of products there. */
function workedUnit(drawing: Drawing, layer: ExplainedLayer, index: number): HTMLElement[] {
  const { unit, maps, name } = layer;
  if (unit === null) return [];
  const names = inputNames(drawing, index);
  const inputName = (i: number) => names[i] ?? placeName(drawing, layer.inputShape, i);
  const part = unitPart(drawing, { layer, unit, inputName });
  if (maps === null) return [part];
  const text = fillIn(drawing.texts.unitWorked, unitName(drawing, layer, unit.index));
  const attributes = { 'data-key': `unit-${name}` };
  return [element('details', { attributes }, element('summary', { text }), part)];
}

/** Those worked out now stay so when another row is marked. */
function chosenUnits(layers: readonly ExplainedLayer[]): Readonly<Record<string, number>> {
  return Object.fromEntries(layers.flatMap(({ name, unit }) => (unit ? [[name, unit.index]] : [])));
}
