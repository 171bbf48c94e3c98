/** A config with errors in itself: data and model are checked in the same pass, and nothing false follows. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { prepareTraining } from '../../../src/core/train/prepareTraining.ts';
import { pathText, valueAt, type ConfigPath } from '../../../src/shared/model/configPath.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

/** Three classes, a column of names, nothing missing. */
const table = ['a,b,site,kind', ...rows(12), ''].join('\n');

function rows(count: number): string[] {
  const of = (i: number) => [i * 0.5, (i * 7) % 5, ['N', 'S'][i % 2], i % 3];
  return Array.from({ length: count }, (_, i) => of(i).join());
}

const good = `task: classification
data:
  path: data.csv
  features:
    - a
    - b
    - { name: site, encode: ordinal }
  target: kind
  split: { train: 0.5, validation: 0.5 }
model:
  - { type: Dense, name: fc1, units: 8, activation: relu }
  - { type: Reshape, name: r, target_shape: [8] }
  - { type: Dense, name: out, units: 3, activation: softmax }
training:
  epochs: 2
  optimizer: Adam
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
callbacks:
  - { type: EarlyStopping, monitor: val_accuracy }
predict:
  - { a: 1, b: 2, site: N }
`;

type Edit = readonly [from: string, to: string];

const loss = 'sparse_categorical_crossentropy';
const splitOverOne: Edit = ['validation: 0.5', 'validation: 0.75'];
const fewUnits: Edit = ['units: 3,', 'units: 2,'];
const missingColumn: readonly Edit[] = [
  ['    - a', '    - aa'],
  ['{ a: 1', '{ aa: 1'],
];
const misfit: Edit = ['target_shape: [8]', 'target_shape: [4]'];

const cases: readonly (readonly [title: string, edits: readonly Edit[], expected: string[]])[] = [
  ['nothing', [], []],
  [
    'a misspelt key of a layer that no shape depends on',
    [['activation: softmax', 'activaton: softmax']],
    ['13 config.unknownKey'],
  ],
  ['a wrong activation', [['softmax', 'softmx']], ['13 config.unknownValue']],
  [
    'a misspelt `units`: no shape after it, but units that the last layer states',
    [['units: 8', 'unts: 8'], misfit, fewUnits],
    ['11 config.missingKey', '11 config.unknownKey', '13 model.tooFewUnits'],
  ],
  [
    'units of the last layer that are no number',
    [['units: 3', 'units: x']],
    ['13 config.wrongType'],
  ],
  [
    'a layer that is not there yet',
    [['{ type: Reshape, name: r, target_shape: [8] }', '{ type: LSTM, units: 2 }'], fewUnits],
    ['12 config.notImplemented', '13 model.tooFewUnits'],
  ],
  [
    'a wrong number elsewhere',
    [['epochs: 2', 'epochs: two'], misfit, ...missingColumn],
    ['5 data.missingColumn', '12 model.shapeMismatch', '15 config.wrongType'],
  ],
  [
    'a misspelt encoding: no cell is read as what it is not',
    [['encode: ordinal', 'encde: ordinal'], ...missingColumn],
    ['5 data.missingColumn', '7 config.unknownKey'],
  ],
  ['a wrong encoding', [['ordinal', 'ordnal']], ['7 config.unknownValue']],
  [
    'a feature without a name: neither the target nor a shape is blamed',
    [['- b', '- { scale: 2 }']],
    ['6 config.missingKey'],
  ],
  [
    'no features: the target is still looked for, and its classes counted',
    [['  features:\n    - a\n    - b\n    - { name: site, encode: ordinal }\n', ''], fewUnits],
    ['2 config.missingKey', '9 model.tooFewUnits'],
  ],
  ['no target', [['  target: kind\n', '']], ['2 config.missingKey']],
  ['a target that is a list', [['target: kind', 'target: [kind]']], ['8 config.wrongType']],
  [
    'a misspelt name of the classes',
    [['target: kind', 'target: { name: kind, clas_names: [x, y] }']],
    ['8 config.unknownKey'],
  ],
  [
    'no path: the model is still checked',
    [['  path: data.csv\n', ''], misfit],
    ['2 config.missingKey', '11 model.shapeMismatch'],
  ],
  [
    'a misspelt format',
    [['path: data.csv', 'path: data.csv\n  fromat: csv']],
    ['4 config.unknownKey'],
  ],
  [
    'a format that is not there yet',
    [['path: data.csv', 'path: data.bin\n  format: parquet']],
    ['4 config.notImplemented'],
  ],
  [
    'a split over 1, whose parts nobody needs',
    [splitOverOne, fewUnits, ...missingColumn],
    ['5 data.missingColumn', '9 config.splitOverOne', '13 model.tooFewUnits'],
  ],
  [
    'a wrong way with missing values',
    [['data.csv', 'data.csv\n  missing: mear']],
    ['4 config.unknownValue'],
  ],
  [
    'a misspelt loss: whether it fits is unknown, units are counted',
    [[loss, 'sparse_categorical_crosentropy'], fewUnits],
    ['13 model.tooFewUnits', '17 config.unknownValue'],
  ],
  [
    'a misspelt key of the loss',
    [
      [loss, `{ type: ${loss}, from_logts: true }`],
      ['softmax', 'linear'],
    ],
    ['17 config.unknownKey'],
  ],
  [
    'a wrong task: neither loss nor units are judged',
    [['task: classification', 'task: clasification'], ...missingColumn],
    ['1 config.unknownValue', '5 data.missingColumn'],
  ],
  ['a planned task', [['task: classification', 'task: forecasting']], ['1 config.notImplemented']],
  [
    'no model',
    [[good.slice(good.indexOf('model:'), good.indexOf('training:')), '']],
    ['1 config.missingKey'],
  ],
  [
    'no training',
    [[good.slice(good.indexOf('training:'), good.indexOf('callbacks:')), '']],
    ['1 config.missingKey'],
  ],
  [
    'misspelt metrics: what a callback watches may be among them',
    [['metrics: [accuracy]', 'metrcs: [accuracy]']],
    ['18 config.unknownKey'],
  ],
  ['a wrong metric', [['metrics: [accuracy]', 'metrics: [acuracy]']], ['18 config.unknownValue']],
  ['a wrong monitor', [['val_accuracy', 'val_acuracy']], ['20 config.unknownMonitor']],
  ['a wrong row to predict', [['site: N', 'sit: N']], ['22 config.unknownFeature']],
  [
    'errors of the data where the config errs in `training` only',
    [
      ['epochs: 2', 'epochs: 0'],
      ['- b', '- { name: b, encode: ordinal, categories: [0, 1, 2, 3] }'],
    ],
    ['15 config.outOfRange', 'data.csv data.unknownCategory'],
  ],
  ['a list for a config', [[good, '- a\n']], ['1 config.wrongType']],
  ['an empty file', [[good, '']], ['1 config.wrongType']],
];

type Damage = (owner: Record<string, unknown>, key: string | number) => void;

const damages: readonly (readonly [title: string, damage: Damage])[] = [
  ['a list of lists', (owner, key) => void (owner[key] = [[1]])],
  ['no value', (owner, key) => void (owner[key] = null)],
  ['an object', (owner, key) => void (owner[key] = { foo: 1 })],
  [
    'a misspelt key',
    (owner, key) => {
      if (Array.isArray(owner)) return;
      owner[`${key}x`] = owner[key];
      Reflect.deleteProperty(owner, key);
    },
  ],
];

describe('preparing a config with errors', () => {
  const folder = temporaryFolder();
  beforeEach(() => writeFileSync(path.join(folder(), 'data.csv'), table));

  for (const [title, edits, expected] of cases) {
    it(`reports ${title}`, async () => {
      const text = edits.reduce((yaml, [from, to]) => {
        assert.ok(yaml.includes(from), `nothing to change: ${from}`);
        return yaml.replace(from, to);
      }, good);
      const configFile = path.join(folder(), 'a.train.yaml');
      const result = await prepareTraining({ text, file: 'a.train.yaml', configFile });
      const errors = result.diagnostics.filter(({ severity }) => severity !== 'info');
      const found = errors.map(({ file, start, code }) =>
        file === 'a.train.yaml' ? `${start.line} ${code}` : `${path.basename(file)} ${code}`,
      );
      assert.deepEqual(found, expected);
      assert.equal(result.prepared === null, expected.length > 0);
    });
  }

  for (const [title, damage] of damages) {
    it(`blames data and model for nothing, wherever there is ${title}`, async () => {
      const configFile = path.join(folder(), 'a.train.json');
      let refused = 0;
      for (const place of placesIn(parse(good))) {
        const config: unknown = parse(good);
        damage(valueAt(config, place.slice(0, -1)) as Record<string, unknown>, place.at(-1)!);
        const text = JSON.stringify(config);
        const { diagnostics } = await prepareTraining({ text, file: configFile, configFile });
        const codes = diagnostics.filter((d) => d.severity === 'error').map(({ code }) => code);
        if (!codes.some((code) => code.startsWith('config.'))) continue;
        refused++;
        const further = codes.filter((code) => !code.startsWith('config.'));
        assert.deepEqual(further, [], `${pathText(place)}: ${codes.join(', ')}`);
      }
      assert.ok(refused > 25, `only ${refused} places`);
    });
  }
});

/** Of every value, however deep. */
function placesIn(value: unknown, at: ConfigPath = []): ConfigPath[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...at, Array.isArray(value) ? Number(key) : key];
    return [place, ...placesIn(inner, place)];
  });
}
