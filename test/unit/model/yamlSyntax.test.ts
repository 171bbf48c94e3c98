/** Slips of syntax are told in words for who wrote the file, at their line. */
import assert from 'node:assert/strict';
import { useLanguage } from '../../../src/shared/language.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';

const cases: readonly (readonly [text: string, line: number, expected: RegExp])[] = [
  ['task: x\ndata:\n  path: a\n target: b\n', 4, /not indented like those it belongs to/],
  ['task: x: y\n', 1, /second colon here/],
  ['task\nseed: 0\n', 1, /no colon after its key/],
  ['name: @me\n', 1, /a text cannot begin with @: put it in quotes/],
  ['name: "me\n', 1, /a quote opens here and is never closed/],
  ['model: [{type: Dense units: 3}]\n', 1, /comma or a closing bracket is missing/],
];

describe('slips of YAML syntax', () => {
  afterEach(() => useLanguage('en'));

  for (const [text, line, expected] of cases) {
    it(`are told in ${JSON.stringify(text)}`, async () => {
      const first = () => parseConfig(text, 'bad.train.yaml').diagnostics[0]!;
      assert.match(first().message, expected);
      assert.equal(first().code, 'config.syntax');
      assert.ok(Math.abs(first().start.line - line) <= 1, `line ${first().start.line}`);
      const english = first().message;
      await useLanguage('es');
      assert.notEqual(first().message.split(': ')[1], english.split(': ')[1]);
    });
  }
});
