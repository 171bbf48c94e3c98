/** How one output of a layer comes about: the products of a dense unit, then its activation. */
import { unitFormula } from '../../src/shared/explain/unitFormula.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import type {
  ExplainedLayer,
  WeightedUnit,
  WorkedUnit,
} from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { choice, count, formulaList, number, paragraph, table, type Drawing } from './drawing.ts';

export interface UnitOptions {
  readonly layer: ExplainedLayer;
  readonly unit: WorkedUnit;
  readonly inputName: (index: number) => string;
}

export function unitPart(drawing: Drawing, options: UnitOptions): HTMLElement {
  const { texts } = drawing;
  const { unit, layer } = options;
  const title = fillIn(texts.unitWorked, count(drawing, unit.index + 1));
  const format = (value: number) => number(drawing, value);
  const parts = [
    element('h4', { text: title }),
    ...(unit.kind === 'weighted' ? [products(drawing, options, unit)] : []),
    ...(unit.kind === 'normalized' ? [paragraph(texts.normal)] : []),
    formulaList(drawing, unitFormula(unit, format)),
  ];
  const attributes = { 'data-unit': `${layer.name}-${unit.index}` };
  return element('div', { className: 'unit', attributes }, ...parts);
}

function products(drawing: Drawing, options: UnitOptions, unit: WeightedUnit): HTMLElement {
  const { texts } = drawing;
  const {
    layer,
    inputName,
    unit: { index },
  } = options;
  const rows = unit.terms.map(({ input, weight }, i) => [
    inputName(i),
    number(drawing, input),
    weightButton(drawing, layer, { index, input: i, weight }),
    number(drawing, input * weight),
  ]);
  const lines: (string | Node)[][] = [...rows];
  if (unit.more !== null) {
    const text = fillIn(texts.moreInputs, count(drawing, unit.more.count));
    lines.push([text, '', '', number(drawing, unit.more.sum)]);
  }
  if (unit.bias !== null) lines.push([texts['word.bias'], '', '', number(drawing, unit.bias)]);
  lines.push([`${texts.sum} z`, '', '', number(drawing, unit.sum)]);
  const head = [texts.input, texts.value, texts['word.weight'], texts.product];
  const made = table(head, lines, layer.name);
  made.querySelector('tr:last-child')?.classList.add('total');
  return made;
}

/** Chooses the weight for the backward pass below. */
function weightButton(
  drawing: Drawing,
  { name, outputShape }: ExplainedLayer,
  place: { readonly index: number; readonly input: number; readonly weight: number },
): HTMLElement {
  const { step, texts, choose } = drawing;
  const units = outputShape.at(-1) ?? 1;
  const tensor = `${name}/kernel`;
  const index = place.input * units + (place.index % units);
  const { weight } = step.update;
  const ends = [place.input + 1, (place.index % units) + 1].map((each) => count(drawing, each));
  const text = number(drawing, place.weight);
  return choice({
    text,
    label: `${fillIn(texts.weightOf, ...ends, name)}: ${text}`,
    key: `weight-${name}-${place.input}`,
    chosen: weight?.tensor === tensor && weight.index === index,
    action: () => choose({ weight: { tensor, index } }),
  });
}
