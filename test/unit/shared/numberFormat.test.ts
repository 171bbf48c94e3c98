import assert from 'node:assert/strict';
import { formatDatum, formatValue } from '../../../src/shared/numberFormat.ts';

describe('numbers for people', () => {
  it('have no sign where they are zero', () => {
    for (const format of [formatValue, formatDatum]) {
      assert.deepEqual([format(-0, 'en'), format(0, 'en')], ['0', '0']);
      assert.equal(format(-0.5, 'en'), '-0.5');
    }
  });
});
