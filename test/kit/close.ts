import assert from 'node:assert/strict';

/** Two lists of numbers agree within `relative` of the larger, or `absolute`; equal non-finite ones agree. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, absolute = relative }: { readonly relative: number; readonly absolute?: number },
): void {
  assert.equal(actual.length, expected.length, 'lengths differ');
  let worst = { index: -1, excess: 0 };
  for (let i = 0; i < actual.length; i++) {
    const a = actual[i]!;
    const e = expected[i]!;
    if (Object.is(a, e) || a === e) continue;
    const allowed = Math.max(absolute, relative * Math.max(Math.abs(a), Math.abs(e)));
    const difference = Math.abs(a - e);
    const excess = Number.isNaN(difference) ? Infinity : difference / allowed;
    if (excess > Math.max(1, worst.excess)) worst = { index: i, excess };
  }
  const { index } = worst;
  assert.ok(
    index < 0,
    `element ${index} is ${actual[index]}, expected ${expected[index]} ` +
      `(${worst.excess.toPrecision(3)} x the tolerance); first: ${Array.from(actual).slice(0, 6).join(', ')}`,
  );
}
