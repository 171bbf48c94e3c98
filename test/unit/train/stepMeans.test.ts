import assert from 'node:assert/strict';
import { createStepMeans } from '../../../src/core/train/stepMeans.ts';

describe('the loss every so many steps', () => {
  /** Five steps an epoch; the loss of a step is its number, from 0. */
  const losses = Float32Array.from({ length: 10 }, (_, i) => i);
  const expected = [
    { epoch: 1, step: 2, loss: 0.5 },
    { epoch: 1, step: 4, loss: 2.5 },
    { epoch: 2, step: 2, loss: 5.5 },
    { epoch: 2, step: 4, loss: 7.5 },
  ];

  for (const part of [1, 3, 4, 10]) {
    it(`is a mean that begins anew with each epoch, told in parts of ${part}`, () => {
      const log = createStepMeans({ logEvery: 2, stepsPerEpoch: 5 });
      const entries = [];
      for (let at = 0; at < 10; at += part) entries.push(...log(at, losses.slice(at, at + part)));
      assert.deepEqual(entries, expected);
    });
  }

  it('is silent where it is not asked for', () => {
    const log = createStepMeans({ logEvery: null, stepsPerEpoch: 5 });
    assert.deepEqual(log(0, losses), []);
  });

  it('goes on within an epoch where a run is resumed there', () => {
    const log = createStepMeans({ logEvery: 2, stepsPerEpoch: 5 });
    assert.deepEqual(log(3, losses.slice(3, 4)), [{ epoch: 1, step: 4, loss: 3 }]);
  });
});
