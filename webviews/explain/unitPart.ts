/** How one output of a layer comes about: the products of a dense unit, then its activation. */
import { unitFormula } from '../../src/shared/explain/unitFormula.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import type {
  ExplainedLayer,
  WeightedTerm,
  WeightedUnit,
  WorkedUnit,
} from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { table } from '../kit/table.ts';
import { choice, count, formulaList, number, paragraph, type Drawing } from './drawing.ts';
import { unitName } from './names.ts';
import { weightName } from './weightChooser.ts';

export interface UnitOptions {
  readonly layer: ExplainedLayer;
  readonly unit: WorkedUnit;
  readonly inputName: (index: number) => string;
}

export function unitPart(drawing: Drawing, options: UnitOptions): HTMLElement {
  const { texts } = drawing;
  const { unit, layer } = options;
  const title = fillIn(texts.unitWorked, unitName(drawing, layer, unit.index));
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
  const { layer, inputName } = options;
  const rows = unit.terms.map((term) => [
    inputName(term.inputAt),
    number(drawing, term.input),
    weightButton(drawing, layer, term),
    number(drawing, term.input * term.weight),
  ]);
  const lines: (string | Node)[][] = [...rows];
  if (unit.more !== null) {
    const text = fillIn(texts.moreInputs, count(drawing, unit.more.count));
    lines.push([text, '', '', number(drawing, unit.more.sum)]);
  }
  if (unit.bias !== null) lines.push([texts['word.bias'], '', '', number(drawing, unit.bias)]);
  lines.push([`${texts.sum} z`, '', '', number(drawing, unit.sum)]);
  const head = [texts.input, texts.value, texts['word.weight'], texts.product];
  const made = table({ head, rows: lines, label: layer.name });
  made.querySelector('tbody > tr:last-child')?.classList.add('total');
  return made;
}

/** Chooses the weight for the backward pass below. */
function weightButton(
  drawing: Drawing,
  { name, parameters }: ExplainedLayer,
  { weight, weightAt: index, inputAt }: WeightedTerm,
): HTMLElement {
  const { step, choose } = drawing;
  const tensor = `${name}/kernel`;
  const { shape = [] } = parameters.find((each) => each.name === tensor) ?? {};
  const chosen = step.update.weight;
  const text = number(drawing, weight);
  return choice({
    text,
    label: `${weightName(drawing, { tensor, index, shape })}: ${text}`,
    key: `weight-${name}-${inputAt}`,
    chosen: chosen?.tensor === tensor && chosen.index === index,
    action: () => choose({ weight: { tensor, index } }),
  });
}
