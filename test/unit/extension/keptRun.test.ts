import assert from 'node:assert/strict';
import { parseKeptRun } from '../../../src/extension/panels/keptRun.ts';

describe('what a view of a run kept for a reload', () => {
  it('names the run, whatever else the page kept', () => {
    const kept = { directory: '/runs/a', moment: 3, texts: {} };
    assert.deepEqual(parseKeptRun(kept), { directory: '/runs/a' });
  });

  for (const other of [undefined, null, 'a', 1, [], {}, { directory: 1 }, { directory: '' }]) {
    it(`is refused when it is ${JSON.stringify(other)}`, () => {
      assert.equal(parseKeptRun(other), null);
    });
  }
});
