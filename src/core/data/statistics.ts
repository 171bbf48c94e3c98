/** Statistics of the training rows of a number column, in float64. `values` holds no missing value. */

export function mean(values: Float64Array): number {
  return sum(values, (value) => value) / values.length;
}

/** Of the population (divided by n), as scikit-learn's StandardScaler takes it. */
export function standardDeviation(values: Float64Array): number {
  const center = mean(values);
  return Math.sqrt(sum(values, (value) => (value - center) ** 2) / values.length);
}

/** Mean of the two middle values for an even count. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The commonest value; the smallest of equals. */
export function mode(values: Float64Array): number {
  const sorted = values.slice().sort();
  let best = { value: NaN, count: 0 };
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start > best.count) best = { value: sorted[start]!, count: end - start };
  }
  return best.value;
}

export function range(values: Float64Array): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** With Neumaier's correction: a million rows must not blur a mean. */
function sum(values: Float64Array, term: (value: number) => number): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const x = term(value);
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}
