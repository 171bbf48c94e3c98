import assert from 'node:assert/strict';
import { largestFitting } from '../../../src/core/train/checkMemory.ts';

describe('the largest batch that fits', () => {
  for (const most of [0, 1, 2, 63, 64, 126]) {
    it(`is ${most} where ${most + 1} does not`, async () => {
      const tried: number[] = [];
      const isFitting = (size: number) => tried.push(size) > 0 && size <= most;
      assert.equal(await largestFitting(127, isFitting), most);
      assert.ok(tried.length <= 7, `${tried.length} tries`);
    });
  }
});
