/** How gestures change the part of the x axis that is shown. */
import type { PlotRange } from '../../src/shared/plot/look.ts';

/** Of the larger edge: narrower parts are no longer exact in float64. */
const leastWidth = 1e-9;

/** @param factor below 1 shows less. `at` stays where it is. */
export function zoomed({ first, last }: PlotRange, at: number, factor: number): PlotRange {
  const tooNarrow = (last - first) * factor < leastWidth * Math.max(1, Math.abs(first));
  if (tooNarrow) return { first, last };
  return { first: at - (at - first) * factor, last: at + (last - at) * factor };
}

/** @param by a part of the width, to the right. */
export function panned({ first, last }: PlotRange, by: number): PlotRange {
  const shift = by * (last - first);
  return { first: first + shift, last: last + shift };
}

/** Null, which is all there is, for what shows all there is. */
export function orWhole(range: PlotRange, whole: PlotRange | null): PlotRange | null {
  if (whole === null) return range;
  const width = whole.last - whole.first;
  const slack = width * 1e-9;
  if (range.first <= whole.first + slack && range.last >= whole.last - slack) return null;
  // Beyond the ends there is nothing to see.
  if (range.last - range.first >= width) return null;
  if (range.first < whole.first) return shifted(range, whole.first - range.first);
  if (range.last > whole.last) return shifted(range, whole.last - range.last);
  return range;
}

function shifted({ first, last }: PlotRange, by: number): PlotRange {
  return { first: first + by, last: last + by };
}

/** The same part on the other axis: an epoch ends with its last step. */
export function onAxis(range: PlotRange, factor: number): PlotRange {
  return { first: range.first * factor, last: range.last * factor };
}
