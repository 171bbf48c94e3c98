import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { category, comment, number, text } from '../../../src/core/propose/yamlText.ts';

const hard = [
  'yes',
  'No',
  'null',
  '~',
  'y',
  '1e3',
  '01',
  '.inf',
  '- a',
  'a: b',
  'a #b',
  'a, b',
  '{',
  ' a ',
  '',
  'é',
  '"',
  "'",
  '&x',
  '*x',
  '!x',
  '%',
  '@',
  '`',
  '0x1',
  '1_000',
  '12:30',
  '<<',
  '=',
  'a\u2028b',
  'a\u0085b',
  '\ufeff',
];
const anyText = fc.oneof(
  fc.constantFrom(...hard),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);

describe('a value of a proposal', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it(`is read as it was meant by YAML ${version}`, () => {
      fc.assert(
        fc.property(anyText, anyText, (a, b) => {
          const line = `- { key: ${text(a)}, list: [${text(b)}, ${category(b)}] }${comment(a)}\n`;
          const [row] = parse(line, { version }) as { key: unknown; list: unknown[] }[];
          assert.equal(row!.key, a);
          assert.equal(row!.list[0], b);
          assert.equal(String(row!.list[1]), b);
        }),
        { numRuns: 500 },
      );
    });

    it(`is the same number in YAML ${version}, to six digits`, () => {
      fc.assert(
        fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
          const read: unknown = parse(number(value), { version });
          assert.ok(typeof read === 'number' && Math.abs(read - value) <= 1e-5 * Math.abs(value));
        }),
      );
    });
  }
});
