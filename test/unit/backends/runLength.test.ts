import assert from 'node:assert/strict';
import { RunLength } from '../../../src/core/backends/webgpu/runLength.ts';

/** Lengths of dispatches on a device that takes so long for an iteration, until no more are measured. */
function lengths(millisecondsEach: number): number[] {
  const length = new RunLength();
  const found = [length.iterations];
  while (length.isTold(length.iterations)) {
    length.measured(length.iterations, length.iterations * millisecondsEach);
    found.push(length.iterations);
  }
  return found;
}

describe('the length of a dispatch', () => {
  for (const each of [0.002, 0.05, 1, 20, 200]) {
    it(`comes near half of 50 ms where an iteration takes ${each} ms`, () => {
      const found = lengths(each);
      const last = found.at(-1)! * each;
      assert.ok(last <= 25 || found.at(-1) === 1, `${last} ms`);
      assert.ok(last > 25 / 5, `${last} ms`);
      assert.ok(found.every((length) => length * each <= Math.max(25, 16 * each)));
    });
  }

  it('is measured only where a dispatch is as long as it may be', () => {
    const length = new RunLength();
    assert.equal(length.isTold(7), false);
    assert.equal(length.isTold(length.iterations), true);
  });
});
