/** What the text in a field of the prediction form means. */
import assert from 'node:assert/strict';
import type { InputField } from '../../../src/shared/protocol/runInputs.ts';
import type { PredictText } from '../../../src/shared/protocol/views/predict.ts';
import { readField } from '../../../webviews/predict/fields.ts';

const texts: Readonly<Record<PredictText, string>> = {
  browse: '',
  copyJson: '',
  copied: '',
  imageGrey: '',
  imageRgb: '',
  inputs: '',
  missing: '{0} is needed.',
  notNumber: '{0} is not a number.',
  optional: '{0} stands in.',
  outside: 'beyond {0} to {1}',
  prediction: '',
  probabilities: '',
  range: '{0} to {1}',
  reset: '',
  title: '',
};
const mass: InputField = { kind: 'number', name: 'mass', fill: null, range: { min: -1, max: 4.5 } };
const unknownRange: InputField = { ...mass, range: null };
const filled: InputField = { ...mass, fill: 3 };
const island: InputField = { kind: 'category', name: 'island', fill: null, categories: ['A', 'B'] };

const cases: readonly (readonly [InputField, string, unknown, string, string])[] = [
  [mass, '2', 2, 'hint', '-1 to 4.5'],
  [mass, ' -1 ', -1, 'hint', '-1 to 4.5'],
  [mass, '4.5e0', 4.5, 'hint', '-1 to 4.5'],
  [mass, '4.6', 4.6, 'warning', 'beyond -1 to 4.5'],
  [mass, '-1.01', -1.01, 'warning', 'beyond -1 to 4.5'],
  [mass, '1,5', null, 'error', '1,5 is not a number.'],
  [mass, '0x10', null, 'error', '0x10 is not a number.'],
  [mass, 'Infinity', null, 'error', 'Infinity is not a number.'],
  [mass, '1e999', null, 'error', '1e999 is not a number.'],
  [mass, ' ', null, 'error', 'mass is needed.'],
  [unknownRange, '1e30', 1e30, 'hint', ''],
  [filled, '', null, 'hint', '3 stands in.'],
  [island, 'B', 'B', 'hint', ''],
];

describe('a field of the prediction form', () => {
  for (const [field, text, value, severity, said] of cases) {
    it(`reads "${text}" for ${field.name} as ${String(value)}, with ${severity} "${said}"`, () => {
      assert.deepEqual(readField(field, text, { texts, locale: 'en' }), {
        value,
        notice: { severity, text: said },
      });
    });
  }

  it('reads decimals as the user writes them', () => {
    const valueOf = (text: string) => readField(mass, text, { texts, locale: 'es' }).value;
    assert.deepEqual(['1,5', '-0,25', '1.5', '1,5,2', ','].map(valueOf), [
      1.5,
      -0.25,
      1.5,
      null,
      null,
    ]);
  });

  it('says ranges in the language of the user', () => {
    const { notice } = readField(mass, '2', { texts, locale: 'es' });
    assert.equal(notice.text, '-1 to 4,5');
  });
});
