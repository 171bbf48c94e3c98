import assert from 'node:assert/strict';
import { formatDatum, formatValue } from '../../../src/shared/numberFormat.ts';

describe('numbers for people', () => {
  it('have no sign where they are zero', () => {
    for (const format of [formatValue, formatDatum]) {
      assert.deepEqual([format(-0, 'en'), format(0, 'en')], ['0', '0']);
      assert.equal(format(-0.5, 'en'), '-0.5');
    }
  });

  it('have the decimal mark of the language, also before an exponent', () => {
    assert.deepEqual(
      [formatValue(7.93e-5, 'en'), formatValue(7.93e-5, 'es')],
      ['7.93e-5', '7,93e-5'],
    );
    assert.deepEqual(
      [formatDatum(1.25e-7, 'en'), formatDatum(1.25e-7, 'es')],
      ['1.25e-7', '1,25e-7'],
    );
    assert.equal(formatDatum(1e-7, 'es'), '1e-7');
  });
});
