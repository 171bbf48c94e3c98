/** The scripts that use a model elsewhere say what we say: they are run, and their answers compared. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeScript } from '../../../src/core/session/runCode.ts';
import { predictRun } from '../../../src/core/train/predictRun.ts';
import { startRun } from '../../../src/core/train/run.ts';
import { useLanguage } from '../../../src/shared/language.ts';
import type { InputRow, Prediction } from '../../../src/shared/protocol/core.ts';
import { pngFile, writeFiles } from '../../kit/imageFiles.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { scratchFolder } from '../../kit/scratchFolder.ts';
import { createTinyProject } from '../../kit/tinyProject.ts';
import { train, trainingBackends } from '../../kit/trainRun.ts';

const createBackend = trainingBackends.wasm;
const model = /model:\n(?: {2}- .*\n)+/;
const layers = (...lines: readonly string[]) =>
  `model:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
const dense = (units: number, rest: string) => `{ type: Dense, units: ${units}, ${rest} }`;
const loss = 'sparse_categorical_crossentropy';

/** What a config does to the tiny one; the data have a color, two numbers with gaps, and a class. */
const cases: Readonly<Record<string, (yaml: string) => string>> = {
  'classes by softmax': (yaml) => yaml,
  'log_softmax taken for logits': (yaml) =>
    yaml
      .replace('softmax', 'log_softmax')
      .replace(`loss: ${loss}`, `loss: { type: ${loss}, from_logits: true }`),
  'one sigmoid unit': (yaml) =>
    yaml
      .replace('units: 2, activation: softmax', 'units: 1, activation: sigmoid')
      .replace(loss, 'binary_crossentropy'),
  'one logit': (yaml) =>
    yaml
      .replace('units: 2, activation: softmax', 'units: 1')
      .replace(`loss: ${loss}`, 'loss: { type: binary_crossentropy, from_logits: true }'),
  'a number': (yaml) =>
    yaml
      .replace('classification', 'regression')
      .replace('units: 2, activation: softmax', 'units: 1')
      .replace(loss, 'mse')
      .replace('[accuracy]', '[mae]'),
  'numbers measured on the training rows, and given ones': (yaml) =>
    yaml.replace(
      model,
      layers(
        '{ type: Normalization, name: type }',
        '{ type: Rescaling, scale: -2.5, offset: 1 }',
        dense(4, 'activation: tanh'),
        '{ type: Normalization, mean: [0.1, 0, -0.2, 1], variance: [1, 4, 0, 2] }',
        dense(2, 'activation: softmax'),
      ),
    ),
  'layers of every kind, names that Python keeps for itself': (yaml) =>
    yaml.replace(
      model,
      layers(
        dense(12, 'name: forward, activation: gelu'),
        '{ type: BatchNormalization, name: half-one, center: false }',
        '{ type: Reshape, target_shape: [3, 4] }',
        dense(
          5,
          'name: a.b, activation: { type: leaky_relu, negative_slope: 0.3 }, use_bias: false',
        ),
        '{ type: BatchNormalization }',
        '{ type: Dropout, rate: 0.2 }',
        '{ type: Activation, activation: log_softmax }',
        '{ type: Flatten }',
        ...['selu', 'elu', 'softplus', 'swish', 'relu', '{ type: gelu, approximate: true }'].map(
          (activation) => dense(6, `activation: ${activation}`),
        ),
        dense(2, 'activation: softmax'),
      ),
    ),
};

function createProject(edit: (yaml: string) => string) {
  const features =
    '[{ name: color, encode: one_hot }, { name: size, encode: ordinal, normalize: minmax }, { name: x, scale: 0.5, offset: 2, normalize: zscore }, y]';
  const project = createTinyProject({
    epochs: 2,
    edit: (yaml) =>
      edit(yaml)
        .replace('[x, y]', features)
        .replace('target: side', 'target: side\n  missing: mean')
        .replace(/predict:\n.*\n/, ''),
  });
  const rows = Array.from({ length: 40 }, (_, i) => {
    const color = ['red', 'it\'s "blue"', 'grün'][i % 3]!.replaceAll('"', '""');
    return `"${color}",${[5, 10][i % 2]},${i % 7 === 0 ? '' : (i * 0.7) % 3},${(i * i) % 5},${i % 2}`;
  });
  const csv = ['color,size,x,y,side', ...rows, ''].join('\n');
  writeFileSync(path.join(project.folder, 'tiny.csv'), csv);
  return project;
}

const inputs: readonly InputRow[] = [
  { color: 'it\'s "blue"', size: 10, x: 1.25, y: 3 },
  { color: 'grün', size: '5', x: null, y: -2.5 },
  { color: 2, size: 5, x: 0, y: 40 },
];

function assertSame(found: unknown, { probabilities, class: name, value }: Prediction): void {
  const answer = found as Partial<Prediction>;
  assert.equal(answer.class, name);
  assert.deepEqual(Object.keys(answer.probabilities ?? {}), Object.keys(probabilities ?? {}));
  const numbers = (p: Partial<Prediction>) => [
    ...Object.values(p.probabilities ?? {}),
    ...[p.value ?? []].flat(),
  ];
  const expected = numbers({
    ...(probabilities && { probabilities }),
    ...(value !== undefined && { value }),
  });
  assert.ok(expected.length > 0);
  numbers(answer).forEach((number, i) => {
    const difference = Math.abs(number - expected[i]!);
    assert.ok(
      difference < 2e-5 * Math.max(1, Math.abs(number)),
      `${number} is not ${expected[i]!}`,
    );
  });
}

const runners = {
  python: (script: string, ...rows: readonly string[]) => runPython(script, rows),
  javascript(script: string, ...rows: readonly string[]) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...rows], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  },
} as const;

for (const language of ['javascript', 'python'] as const) {
  describe(`the ${language} script of a run (Python's is skipped without NumPy)`, function () {
    this.timeout(60_000);

    before(function () {
      if (language === 'python' && !pythonHas('numpy')) this.skip();
    });

    for (const [name, edit] of Object.entries(cases)) {
      it(`predicts what we predict: ${name}`, async () => {
        const project = createProject(edit);
        try {
          const { run } = await train(project, { createBackend });
          const { directory } = run.info;
          const { script } = await writeScript(directory, language);
          const rows = language === 'python' ? inputs.slice(0, 2) : inputs;
          const expected = await predictRun({ directory, rows, createBackend });
          rows.forEach((row, i) => {
            assertSame(JSON.parse(runners[language](script, JSON.stringify(row))), expected[i]!);
          });
        } finally {
          project.remove();
        }
      });
    }

    it('predicts the example by itself, and says which value is wrong', async () => {
      const project = createProject((yaml) => yaml);
      try {
        const { run } = await train(project, { createBackend });
        const { script } = await writeScript(run.info.directory, language);
        const usage = `${language === 'python' ? 'python' : 'node'} ${path.basename(script)} '{`;
        assert.ok(readFileSync(script, 'utf8').includes(usage), usage);
        const example = spawnSync(
          language === 'python' ? '/usr/bin/python3' : process.execPath,
          [script],
          {
            encoding: 'utf8',
          },
        );
        assert.match(example.stdout, /"class": ?"[01]"/, example.stderr);
        const bad = spawnSync(
          language === 'python' ? '/usr/bin/python3' : process.execPath,
          [script, JSON.stringify({ ...inputs[0], color: 'pink' })],
          { encoding: 'utf8' },
        );
        assert.notEqual(bad.status, 0);
        assert.match(bad.stderr, /color must be one of .*grün.*, not pink/);
      } finally {
        project.remove();
      }
    });
  });
}

/** The last layers are added: they answer for three classes. */
const nets: Readonly<Record<string, readonly string[]>> = {
  'plain convolutions': [
    '{ type: Conv2D, filters: 4, kernel_size: 3, padding: same, activation: relu }',
    '{ type: MaxPooling2D, pool_size: 2 }',
    '{ type: Conv2D, filters: 6, kernel_size: [2, 3], strides: 2, activation: swish }',
    'Flatten',
  ],
  'grouped, dilated, depthwise, separable and transposed ones': [
    '{ type: Conv2D, filters: 4, kernel_size: 3, dilation_rate: 2, padding: same, use_bias: false }',
    '{ type: Conv2D, filters: 6, kernel_size: 3, groups: 2, padding: same, activation: elu }',
    '{ type: DepthwiseConv2D, kernel_size: 3, depth_multiplier: 2, activation: tanh }',
    '{ type: SeparableConv2D, filters: 5, kernel_size: 3, strides: 2, padding: same, activation: selu }',
    '{ type: Conv2DTranspose, filters: 4, kernel_size: 3, strides: 2, padding: same, activation: softplus }',
    '{ type: Conv2DTranspose, filters: 3, kernel_size: 2, padding: valid }',
    '{ type: GlobalMaxPooling2D, keepdims: true }',
    'Flatten',
  ],
  'pooling, padding, enlarging and every normalisation': [
    '{ type: ZeroPadding2D, padding: [[1, 2], [0, 3]] }',
    '{ type: MaxPooling2D, pool_size: 3, strides: 2, padding: same }',
    '{ type: AveragePooling2D, pool_size: 2, padding: same }',
    '{ type: UpSampling2D, size: [2, 3], interpolation: bilinear }',
    '{ type: UpSampling2D, size: 2 }',
    '{ type: Conv2D, filters: 6, kernel_size: 1 }',
    '{ type: BatchNormalization, scale: false }',
    '{ type: LayerNormalization }',
    '{ type: GroupNormalization, groups: 3 }',
    '{ type: SpatialDropout2D, rate: 0.1 }',
    '{ type: Activation, activation: gelu }',
    'GlobalAveragePooling2D',
  ],
  'branches, and sequences': [
    '{ type: Conv2D, name: a, filters: 4, kernel_size: 3, padding: same, inputs: [data] }',
    '{ type: Conv2D, name: b, filters: 4, kernel_size: 1, activation: sigmoid, inputs: [data] }',
    '{ type: Add, name: sum, inputs: [a, b] }',
    '{ type: Multiply, name: product, inputs: [a, b] }',
    '{ type: Concatenate, name: both, inputs: [sum, product] }',
    '{ type: Reshape, target_shape: [-1, 8] }',
    '{ type: Conv1D, filters: 5, kernel_size: 3, strides: 2, padding: causal }',
    '{ type: MaxPooling1D, pool_size: 2 }',
    'GlobalAveragePooling1D',
  ],
};

/** Smooth along one side and wild along the other, so that a PNG file has lines of several filters. */
function photo(height: number, width: number, first: number): Buffer {
  return pngFile({ height, width }, (y, x) => {
    const value = (c: number) =>
      (first + y * 17 + (y % 3 === 0 ? x * x * 31 : x * 4) + c * 61) % 256;
    return [value(0), value(1), value(2)];
  });
}

/** Six images, two of each class, with a config that trains on them. */
function imageProject(net: readonly string[], channels: 'rgb' | 'grayscale'): string {
  const folder = scratchFolder();
  for (const [i, name] of ['left', 'mid', 'right'].entries()) {
    for (const n of [0, 1]) {
      const first = i * 90 + n * 31;
      writeFiles(folder, { [`images/${name}/${n}.png`]: photo(9, 8, first) });
    }
  }
  const norm = channels === 'rgb' ? 'mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4]' : 'mean: 0.5';
  writeFileSync(
    path.join(folder, 'net.train.yaml'),
    `task: image_classification
data:
  format: images
  path: images
  color_mode: ${channels}
  normalize: { divide_by: 255, ${norm} }
  split: { train: 0.5, validation: 0.5 }
model:
${net.map((line) => `  - ${line}\n`).join('')}  - { type: Dense, units: 3, activation: softmax }
training:
  epochs: 2
  batch_size: 2
  optimizer: { type: Adam, learning_rate: 0.01 }
  loss: sparse_categorical_crossentropy
predict:
  - { image: images/mid/1.png }
`,
  );
  return folder;
}

for (const language of ['javascript', 'python'] as const) {
  describe(`the ${language} script of a model of images`, function () {
    this.timeout(60_000);

    before(function () {
      if (language === 'python' && !pythonHas('numpy')) this.skip();
    });

    for (const [i, [name, net]] of Object.entries(nets).entries()) {
      it(`predicts what we predict: ${name}`, async () => {
        const folder = imageProject(net, i % 2 === 0 ? 'rgb' : 'grayscale');
        const file = path.join(folder, 'net.train.yaml');
        const run = await startRun({ file, overrides: {}, createBackend });
        const end = await run.done;
        assert.equal(end.status, 'completed', end.error?.message);
        const { directory } = run.info;
        // Of another size, and the example of the config.
        writeFiles(folder, { 'new.png': photo(14, 11, 3) });
        const asked = [{ image: path.join(folder, 'new.png') }, { image: 'images/mid/1.png' }];
        const expected = await predictRun({ directory, rows: asked, createBackend });
        const { script } = await writeScript(directory, language);
        const said = runners[language](script, JSON.stringify(asked[0]));
        assertSame(JSON.parse(said), expected[0]!);
        assertSame(JSON.parse(runners[language](script)), expected[1]!);
      });
    }
  });
}

describe('the scripts of a model', () => {
  it('speak the language of the user', async () => {
    const project = createProject((yaml) => yaml);
    await useLanguage('es');
    try {
      const { run } = await train(project, { createBackend });
      const { script } = await writeScript(run.info.directory, 'javascript');
      assert.match(readFileSync(script, 'utf8'), /^\/\/ Predice con el modelo/);
    } finally {
      await useLanguage('en');
      project.remove();
    }
  });
});
