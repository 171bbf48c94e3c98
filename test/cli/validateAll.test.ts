/** `trainbench validate` tells all at once: each kind of mistake, on its line, in one pass. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../kit/runCli.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

/** A column can only be missing from a file that is there, so it takes two configs to see all eight kinds. */
const variants = [
  {
    title: 'a missing column',
    file: 'data.csv',
    column: 'heigth',
    expected: '5 data.missingColumn',
  },
  { title: 'a missing file', file: 'date.csv', column: 'height', expected: '4 data.missingFile' },
];

const configText = (file: string, column: string): string => `version: 1
task: classification
data:
  path: ${file}
  features: [${column}, width]
  target: { name: kind, class_names: [low, middle, high] }
  split: { train: 0.75, validation: 0.5 }
model:
  - { type: Dense, name: fc1, units: 8, activation: relu, trainble: true }
  - { type: Reshape, name: r, target_shape: [4] }
  - { type: Dense, name: out, units: 2, activation: softmax }
training:
  epochs: 3
  batch_size: many
  optimizer: { type: Adam, learning_rate: 0.05 }
  loss: mean_squared_error
`;

const inBoth = [
  '7 config.splitOverOne',
  '9 config.unknownKey',
  '10 model.shapeMismatch',
  '11 model.tooFewUnits',
  '14 config.wrongType',
  '16 model.lossMismatch',
];

const rows = Array.from({ length: 12 }, (_, i) => `${i * 0.5},${(i * 7) % 5},${i % 3}`);

describe('trainbench validate, given every kind of mistake', () => {
  const folder = temporaryFolder();
  beforeEach(() => {
    writeFileSync(path.join(folder(), 'data.csv'), ['height,width,kind', ...rows, ''].join('\n'));
  });

  for (const { title, file, column, expected } of variants) {
    it(`prints each once, on its line, and ${title} too`, async () => {
      writeFileSync(path.join(folder(), 'all.train.yaml'), configText(file, column));
      const { stdout, code } = await runCli(['validate', 'all.train.yaml'], { cwd: folder() });
      const found = stdout.trimEnd().split('\n').map(lineAndCode);
      assert.deepEqual(found, [expected, ...inBoth]);
      assert.equal(code, 2);
    });
  }
});

/** `9 config.unknownKey` of `all.train.yaml:9:3 error config.unknownKey ...`. */
function lineAndCode(text: string): string {
  const parts = /^all\.train\.yaml:(\d+):\d+ error ([\w.]+) \S/.exec(text);
  assert.ok(parts, text);
  return `${parts[1]!} ${parts[2]!}`;
}
