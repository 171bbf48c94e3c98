import assert from 'node:assert/strict';
import type { Looking } from '../../../src/shared/protocol/views/explain.ts';
import { firstLook, parseLooking } from '../../../webviews/explain/looking.ts';

describe('what the page that explains a step looks at', () => {
  const looking: Looking = {
    step: 4,
    batch: null,
    row: 3,
    units: { fc1: 2 },
    weight: { tensor: 'fc1/kernel', index: 7 },
  };

  it('is first the first step kept of a run on disk, and the next of one that trains', () => {
    assert.equal(firstLook({ live: false, moments: [0, 48] }).step, 0);
    assert.equal(firstLook({ live: true, moments: [0, 48] }).step, null);
    assert.equal(firstLook({ live: false, moments: [] }).step, null);
  });

  it('comes back as it was kept', () => {
    assert.deepEqual(parseLooking(JSON.parse(JSON.stringify(looking))), looking);
    const bare = { ...looking, weight: null, units: {} };
    assert.deepEqual(parseLooking(bare), bare);
  });

  it('is refused when it is something else', () => {
    for (const kept of [
      null,
      undefined,
      4,
      [],
      {},
      { ...looking, row: -1 },
      { ...looking, row: undefined },
      { ...looking, step: 'x' },
      { ...looking, batch: 1.5 },
      { ...looking, units: { fc1: 'a' } },
      { ...looking, units: null },
      { ...looking, weight: { tensor: 'fc1/kernel' } },
      { ...looking, weight: 3 },
    ])
      assert.equal(parseLooking(kept), null, JSON.stringify(kept));
  });
});
