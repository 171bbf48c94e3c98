/** What is wrong with an `augmentation`, with its place. */
import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';

function problems(lines: string): string[] {
  const text = `task: image_classification
data:
  format: cifar10
  augmentation:
${lines}
model: [Flatten, { type: Dense, units: 10 }]
training: { epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy }
`;
  return parseConfig(text, 'a.yaml').diagnostics.map(({ start, code, message, hint }) => {
    return `${start.line}:${start.column} ${code} ${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

const wrong: readonly (readonly [line: string, problem: string])[] = [
  [
    '    - { type: RandomFlips }',
    '5:15 config.unknownValue unknown type `RandomFlips` in `data.augmentation[0]` (did you mean `RandomFlip`?)',
  ],
  [
    '    - RandomFlip\n    - { type: RandomFlip, mode: horizontl }',
    '6:33 config.unknownValue `data.augmentation[1].mode` expects one of `horizontal`, `vertical`, `horizontal_and_vertical`, found text "horizontl" (did you mean `horizontal`?)',
  ],
  [
    '    - { type: RandomRotation, factor: 2 }',
    '5:39 config.outOfRange `data.augmentation[0].factor` expects at most 1, found 2',
  ],
  [
    '    - { type: RandomRotation, factor: [0.2, 0.1] }',
    '5:39 config.conflict the lower end of the range is above the upper',
  ],
  [
    '    - { type: RandomRotation, factor: 0.1, fill_mode: mirror }',
    '5:55 config.unknownValue `data.augmentation[0].fill_mode` expects one of `reflect`, `wrap`, `constant`, `nearest`, found text "mirror"',
  ],
  [
    '    - { type: RandomTranslation, height_factor: 0.1 }',
    '5:7 config.missingKey `data.augmentation[0]` (RandomTranslation) needs `width_factor`: a number or a list (Share of the width, to the right; f stands for [-f, f].)',
  ],
  [
    '    - { type: RandomBrightness, factor: 0.1, value_range: [1, 0] }',
    '5:59 config.conflict the lower end of the range is not below the upper',
  ],
  [
    '    - { type: RandomCrop, height: 0, width: 3 }',
    '5:35 config.outOfRange `data.augmentation[0].height` expects at least 1, found 0',
  ],
];

describe('augmentation in a config', () => {
  for (const [line, problem] of wrong) {
    it(`that is ${line.trim()} is reported`, () => {
      assert.deepEqual(problems(line), [problem]);
    });
  }

  it('may have all that Keras has', () => {
    const lines = `    - RandomFlip
    - { type: RandomTranslation, height_factor: [-0.2, 0.1], width_factor: 0, cval: 3, fill_mode: constant }
    - { type: RandomZoom, height_factor: [-0.3, -0.2], interpolation: nearest }
    - { type: RandomContrast, factor: [0.5, 2] }`;
    assert.deepEqual(problems(lines), []);
  });

  it('is for images', () => {
    const text = `task: classification
data: { path: a.csv, features: [x], target: y, augmentation: [RandomFlip] }
model: [{ type: Dense, units: 2 }]
training: { epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy }
`;
    const [found] = parseConfig(text, 'a.yaml').diagnostics;
    assert.equal(found?.code, 'config.unknownKey');
    assert.match(found?.message ?? '', /unknown key `augmentation` in `data`/);
  });
});
