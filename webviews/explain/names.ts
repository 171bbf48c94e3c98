/** What inputs and units are called where they have a meaning of their own; else they are counted from 1. */
import type { ExplainedLayer } from '../../src/shared/protocol/explainStep.ts';
import { count, type Drawing } from './drawing.ts';

/** What the features are called, for a layer that gets the data. */
export function inputNames({ step }: Drawing, layer: number): readonly string[] {
  const names = step.data.features.flatMap(({ inputs }) => inputs);
  const inputs = step.layers[layer]?.inputs[0];
  return inputs?.from === null && inputs.count === names.length ? names : [];
}

/** The units of the last layer are the classes. */
export function unitName(drawing: Drawing, layer: ExplainedLayer, index: number): string {
  const { step } = drawing;
  const { entries, more, kind } = step.answer;
  const isLast = step.layers.at(-1) === layer;
  const isAnswer = isLast && more === 0 && kind === 'classes';
  const label = entries.length === layer.output.count ? entries[index]?.label : undefined;
  return (isAnswer ? label : undefined) ?? placeName(drawing, layer.outputShape, index);
}

/** Of several axes the place on each: `2, 3, 1`. */
export function placeName(drawing: Drawing, shape: readonly number[], index: number): string {
  let rest = index;
  const places = shape.toReversed().map((size) => {
    const place = (rest % size) + 1;
    rest = Math.floor(rest / size);
    return count(drawing, place);
  });
  return places.length === 0 ? '1' : places.reverse().join(', ');
}
