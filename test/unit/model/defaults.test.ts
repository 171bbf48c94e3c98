import assert from 'node:assert/strict';
import { isTable } from '../../../src/shared/model/data.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import type { TrainConfig } from '../../../src/shared/model/trainConfig.ts';
import { minimalConfig, richConfig } from './exampleConfigs.ts';

function parse(text: string, file = 'dir/some rows.train.yaml'): TrainConfig {
  const { config, diagnostics } = parseConfig(text, file);
  assert.ok(config, diagnostics.map((d) => d.message).join('\n'));
  return config;
}

/** The minimal config with one part replaced. */
function parseWith(old: string, text: string): TrainConfig {
  assert.ok(minimalConfig.includes(old));
  return parse(minimalConfig.replace(old, () => text));
}

/** As a run keeps its config. */
const complete: Readonly<Record<string, () => TrainConfig>> = {
  'a minimal config': () => parse(minimalConfig),
  'a config with every kind of key': () => parse(richConfig),
  'a config split by a column': () => parseWith('split: {}', 'split: {by: part}'),
  'a config with three shares': () => parseWith('split: {}', 'split: {train: 0.7, test: 0.1}'),
  'a config with fills of its own': () => parseWith('drop_row', '{constant: none}'),
  'a config with callbacks': () =>
    parse(`${minimalConfig}callbacks: [EarlyStopping, ModelCheckpoint, ReduceLROnPlateau]\n`),
};

describe('a parsed config', () => {
  for (const [name, config] of Object.entries(complete)) {
    it(`is read again as it was written: ${name}`, () => {
      const text = JSON.stringify(config(), null, 1);
      assert.deepEqual(parse(text, 'config.json'), config());
    });
  }

  it('has every default of Keras filled in', () => {
    const { data, training, model, callbacks, output, ...rest } = parse(minimalConfig);
    assert.deepEqual(rest, {
      version: 1,
      name: 'some rows',
      task: 'classification',
      seed: { value: 0, compat: null },
      predict: [],
      compute: null,
    });
    assert.equal(data.format, 'csv');
    assert.deepEqual(data.features[0], {
      name: 'a',
      encode: null,
      categories: null,
      unit: null,
      scale: 1,
      offset: 0,
      normalize: null,
    });
    assert.deepEqual(data.target, { name: 'c', categories: null, class_names: null, unit: null });
    assert.deepEqual(model[1], {
      type: 'Dense',
      units: 3,
      activation: { type: 'linear' },
      use_bias: true,
      kernel_initializer: { type: 'glorot_uniform' },
      bias_initializer: { type: 'zeros' },
    });
    assert.deepEqual(training, {
      epochs: 5,
      batch_size: 32,
      shuffle: true,
      optimizer: { type: 'Adam', learning_rate: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
      loss: { type: 'sparse_categorical_crossentropy', from_logits: true },
      metrics: [{ type: 'accuracy' }],
      gradient_accumulation_steps: 1,
      precision: 'float32',
      log_every: null,
      device: 'auto',
      deterministic: true,
      conventions: 'keras',
      epoch_loss: 'sample_weighted',
    });
    assert.deepEqual([callbacks, output], [[], { dir: 'runs', export: [] }]);
  });

  it('has the defaults of PyTorch where the conventions ask for them', () => {
    const { model, training } = parse(richConfig);
    assert.deepEqual(training.optimizer, {
      type: 'SGD',
      learning_rate: 0.001,
      momentum: 0.9,
      nesterov: true,
    });
    assert.deepEqual(model[1], {
      type: 'Dense',
      name: 'fc1',
      units: 8,
      activation: { type: 'swish' },
      use_bias: false,
      kernel_initializer: { type: 'pytorch_default' },
      bias_initializer: { type: 'pytorch_default' },
    });
    assert.deepEqual(model[2], {
      type: 'BatchNormalization',
      momentum: 0.1,
      epsilon: 1e-5,
      center: true,
      scale: true,
    });
  });

  it('says the same after a trip through JSON', () => {
    for (const text of [minimalConfig, richConfig]) {
      const config = parse(text);
      assert.deepEqual(JSON.parse(JSON.stringify(config)), config);
      assert.deepEqual(parse(JSON.stringify(config), 'config.json'), config);
    }
  });

  it('knows types by the names that others have for them, under one name of ours', () => {
    const { training, model, data } = parse(richConfig);
    assert.deepEqual(training.loss, { type: 'mean_squared_error' });
    assert.deepEqual(training.metrics, [{ type: 'mae' }, { type: 'rmse' }, { type: 'r2' }]);
    assert.deepEqual(model[6], { type: 'Flatten' });
    assert.ok(isTable(data));
    assert.deepEqual(data.missing, { type: 'constant', value: 0 });
  });

  const splits: readonly [written: string, train: number, validation: number, test: number][] = [
    ['{}', 0.8, 0.2, 0],
    ['{train: 0.7}', 0.7, 0.3, 0],
    ['{validation: 0.3}', 0.7, 0.3, 0],
    ['{test: 0.1}', 0.8, 0.1, 0.1],
    ['{test: 0.4}', 0.6, 0, 0.4],
    ['{train: 0.7, test: 0.1}', 0.7, 0.2, 0.1],
    ['{validation: 0.1, test: 0.2}', 0.7, 0.1, 0.2],
    ['{train: 1}', 1, 0, 0],
  ];
  for (const [written, train, validation, test] of splits) {
    it(`shares out the rows left over by split: ${written}`, () => {
      const { split } = parseWith('split: {}', `split: ${written}`).data;
      assert.deepEqual([split.train, split.validation, split.test], [train, validation, test]);
    });
  }

  const formats: readonly [path: string, format: string][] = [
    ['rows.csv', 'csv'],
    ['rows.txt', 'csv'],
    ['rows.JSON', 'json'],
    ['rows.jsonl', 'jsonl'],
    ['https://example.org/rows.ndjson?x=1', 'jsonl'],
  ];
  for (const [path, format] of formats) {
    it(`takes ${path} for ${format}`, () => {
      assert.equal(parseWith('path: rows.csv', `path: ${path}`).data.format, format);
    });
  }

  const names: readonly [file: string, name: string][] = [
    ['penguins.train.yaml', 'penguins'],
    ['C:\\labs\\penguins.train.yml', 'penguins'],
    ['a/b/.train.yaml', 'model'],
    ['über?.yaml', 'über_'],
  ];
  for (const [file, name] of names) {
    it(`is called ${name} in ${file}`, () => assert.equal(parse(minimalConfig, file).name, name));
  }
});
