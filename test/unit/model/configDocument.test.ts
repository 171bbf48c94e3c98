import assert from 'node:assert/strict';
import { readDocument } from '../../../src/shared/model/readDocument.ts';
import { pathText, type ConfigPath } from '../../../src/shared/model/configPath.ts';

const text = `# a comment
model:
  - {type: Dense, units: 3}
  - type: Dense
    units: 5
  - Flatten
training: {epochs: 3, optimizer: Adam}
shared: &split {train: 0.7}
data:
  split: *split
  note: |
    two
    lines
`;

/** What of the text a diagnostic at a path marks, and from where. */
const cases: readonly [path: ConfigPath, where: 'key' | 'value', marked: string, at: string][] = [
  [[], 'value', 'model:', '2:1'],
  [['model'], 'value', 'model', '2:1'],
  [['model', 0], 'value', '{type: Dense, units: 3}', '3:5'],
  [['model', 0, 'units'], 'value', '3', '3:26'],
  [['model', 0, 'units'], 'key', 'units', '3:19'],
  [['model', 0, 'name'], 'value', '{type: Dense, units: 3}', '3:5'],
  [['model', 1], 'value', 'type: Dense', '4:5'],
  [['model', 1, 'units'], 'value', '5', '5:12'],
  [['model', 1, 'activation', 'type'], 'value', 'type: Dense', '4:5'],
  [['model', 2, 'name'], 'value', 'Flatten', '6:5'],
  [['model', 9], 'value', 'model', '2:1'],
  [['training'], 'value', '{epochs: 3, optimizer: Adam}', '7:11'],
  [['training', 'optimizer', 'learning_rate'], 'value', 'Adam', '7:34'],
  [['data', 'split', 'train'], 'value', '0.7', '8:24'],
  [['data', 'note'], 'value', '|', '11:9'],
  [['nothing', 'at', 'all'], 'value', 'model:', '2:1'],
];

describe('a config document', () => {
  const { document, diagnostics } = readDocument(text, 'a.yaml');

  it('is read without complaint', () => assert.deepEqual(diagnostics, []));

  for (const [path, where, marked, at] of cases) {
    it(`marks ${JSON.stringify(marked)} for the ${where} of ${pathText(path) || 'the root'}`, () => {
      const { start, end } = document.at(path, { code: 'x.y', message: '' }, where);
      assert.equal(start.line, end.line);
      const line = text.split('\n')[start.line - 1]!;
      assert.equal(line.slice(start.column - 1, end.column - 1), marked);
      assert.equal(`${start.line}:${start.column}`, at);
    });
  }

  it('keeps code, severity, message and hint of a problem', () => {
    const problem = { code: 'data.x', message: 'm', hint: 'h', severity: 'warning' } as const;
    const { code, severity, message, hint, file } = document.at(['data'], problem);
    assert.deepEqual({ code, severity, message, hint }, problem);
    assert.equal(file, 'a.yaml');
    assert.equal(document.at([], { code: 'a.b', message: '' }).severity, 'error');
  });

  it('still gives places when the text cannot be read', () => {
    const { document: unread } = readDocument('a: [', 'a.yaml');
    const { start } = unread.at(['a', 0], { code: 'x.y', message: '' });
    assert.deepEqual(start, { line: 1, column: 4 });
  });
});
