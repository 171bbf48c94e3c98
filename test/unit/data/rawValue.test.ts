import assert from 'node:assert/strict';
import type { FeatureTransform } from '../../../src/core/data/preprocessing.ts';
import { rawValue } from '../../../src/core/data/rawValue.ts';

/** What the table said of `value`, from the float32 that the model gets. */
function thereAndBack(
  value: number,
  affine: { scale: number; offset: number; center: number; divisor: number },
): string | number {
  const feature = { kind: 'number', name: 'x', affine } as FeatureTransform;
  const { scale, offset, center, divisor } = affine;
  return rawValue(feature, Float32Array.of((value * scale + offset - center) / divisor));
}

describe('the way back to what a table says', () => {
  it('gives numbers to six digits', () => {
    const affine = { scale: 10, offset: 0, center: 4.9182, divisor: 2.7311 };
    for (const value of [0.618, 1234.56, -0.0021, 43.92]) {
      assert.equal(thereAndBack(value, affine), value);
    }
    assert.equal(thereAndBack(4000 / 3, affine), 1333.33);
  });

  it('gives a zero as such, and not what rounding leaves of it', () => {
    for (const center of [4.9182, -0.00371, 8123.4, 0]) {
      assert.equal(thereAndBack(0, { scale: 10, offset: 0.3, center, divisor: 2.7311 }), 0);
      assert.equal(thereAndBack(0, { scale: -1, offset: 0, center, divisor: 0.013 }), 0);
    }
  });
});
