/** The oracle of what a plot's columns say: from all points, one by one. */
import { pointFlags } from '../../src/shared/plot/plotAnswer.ts';
import { isDrawable } from '../../src/shared/plot/valueScale.ts';
import { xOf, type PointView } from '../../src/shared/plot/view.ts';

/** All that an answer says of a series; `places` are its filled columns. */
export function factsOf(values: Float32Array, view: PointView, log: boolean) {
  const places = Array.from(values, (_, i) => Math.floor(xOf(view, i)));
  const all = Array.from({ length: view.columns }, (): number[] => []);
  for (const [i, place] of places.entries()) all[place]?.push(values[i]!);
  const columns = all.filter((column) => column.length > 0);
  const drawable = columns.map((column) => column.filter((value) => isDrawable(value, log)));
  const lowest = (list: readonly number[]) => list.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = (list: readonly number[]) => list.reduce((a, b) => Math.max(a, b), -Infinity);
  const flags = Uint8Array.from(columns, (column) =>
    column.reduce((all, value) => all | flagOf(value), 0),
  );
  return {
    places: [...all.keys()].filter((column) => all[column]!.length > 0),
    count: values.length,
    before: values[places.findLastIndex((place) => place < 0)] ?? NaN,
    after: values[places.findIndex((place) => place >= view.columns)] ?? NaN,
    firsts: Float32Array.from(columns, (column) => column[0]!),
    lasts: Float32Array.from(columns, (column) => column.at(-1)!),
    mins: Float32Array.from(drawable, lowest),
    maxs: Float32Array.from(drawable, highest),
    flags,
    lowest: lowest(drawable.flat()),
    highest: highest(drawable.flat()),
    anyFlags: flags.reduce((all, flag) => all | flag, 0),
  };
}

function flagOf(value: number): number {
  if (Number.isNaN(value)) return pointFlags.nan;
  if (value === Infinity) return pointFlags.positiveInfinity;
  if (value === -Infinity) return pointFlags.negativeInfinity;
  return value <= 0 ? pointFlags.notPositive : 0;
}
