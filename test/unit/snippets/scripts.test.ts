/** The scripts that use a model elsewhere say what we say: they are run, and their answers compared. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeScript } from '../../../src/core/session/runCode.ts';
import { predictRun } from '../../../src/core/train/predictRun.ts';
import type { InputRow, Prediction } from '../../../src/shared/protocol/core.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
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
  python: (script: string, row: string) => runPython(script, [row]),
  javascript(script: string, row: string) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, row], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  },
} as const;

for (const language of ['javascript', 'python'] as const) {
  describe(`the ${language} script of a run (Python's is skipped without PyTorch)`, function () {
    this.timeout(60_000);

    before(function () {
      if (language === 'python' && !pythonHas('torch')) this.skip();
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
