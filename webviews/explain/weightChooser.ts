/** Which weight is worked out: the tensor, and its place there. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { ExplainedWeight } from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { count, type Drawing } from './drawing.ts';

export function weightChooser(drawing: Drawing, weight: ExplainedWeight): HTMLElement {
  const { step, texts, choose } = drawing;
  const parameters = step.layers.flatMap((layer) => layer.parameters);
  const tensor = element('select', { attributes: { 'data-key': 'tensor' } });
  for (const { name } of parameters) {
    const selected = name === weight.tensor ? { selected: '' } : {};
    tensor.append(element('option', { text: name, attributes: { value: name, ...selected } }));
  }
  tensor.addEventListener('change', () => choose({ weight: { tensor: tensor.value, index: 0 } }));
  const { rows, columns } = sizes(weight);
  const at = { row: Math.floor(weight.index / columns), column: weight.index % columns };
  const move = (row: number, column: number) =>
    choose({ weight: { tensor: weight.tensor, index: row * columns + column } });
  const fields = [
    labelled(texts.tensor, tensor),
    ...(rows > 1
      ? [
          labelled(
            texts.from,
            field('from', at.row, rows, (row) => move(row, at.column)),
          ),
        ]
      : []),
    labelled(
      texts.to,
      field('to', at.column, columns, (column) => move(at.row, column)),
    ),
  ];
  return element('p', { className: 'fields' }, ...fields);
}

/** "The weight from input 3 to unit 2 of fc1" */
export function weightName(
  drawing: Drawing,
  weight: Pick<ExplainedWeight, 'tensor' | 'index' | 'shape'>,
): string {
  const { texts } = drawing;
  const cut = weight.tensor.lastIndexOf('/');
  const [layer, role] = [weight.tensor.slice(0, cut), weight.tensor.slice(cut + 1)];
  const { columns } = sizes(weight);
  const row = count(drawing, Math.floor(weight.index / columns) + 1);
  const column = count(drawing, (weight.index % columns) + 1);
  if (role === 'kernel' && weight.shape.length === 2)
    return fillIn(texts.weightOf, row, column, layer);
  if (role === 'bias') return fillIn(texts.biasOf, column, layer);
  return fillIn(texts.place, count(drawing, weight.index + 1), weight.tensor);
}

/** The last axis are the columns, all axes before it the rows. */
function sizes({ shape }: Pick<ExplainedWeight, 'shape'>) {
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return { rows, columns: shape.at(-1) ?? 1 };
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return element('label', {}, element('span', { text }), control);
}

/** Counts from 1, as people do. */
function field(
  key: string,
  value: number,
  most: number,
  changed: (value: number) => void,
): HTMLElement {
  const attributes = { type: 'number', min: '1', max: String(most), 'data-key': key };
  const input = element('input', { attributes });
  input.value = String(value + 1);
  input.addEventListener('change', () => {
    const next = Math.round(Number(input.value)) - 1;
    if (Number.isFinite(next)) changed(Math.max(0, Math.min(most - 1, next)));
  });
  return input;
}
