import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { formatDiagnostic } from '../../../src/shared/diagnostics.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { badConfigs, type BadConfig } from './badConfigs.ts';
import { conflictingConfigs, oddConfigs } from './conflictingConfigs.ts';
import { example, minimalConfig } from './exampleConfigs.ts';

/** What is wrong with a config, as `line:column severity code message (hint)`. */
function check(text: string, expected: readonly string[], file = 'a.train.yaml'): void {
  const { config, diagnostics } = parseConfig(text, file);
  const lines = diagnostics.map((d) => formatDiagnostic(d).slice(file.length + 1));
  assert.deepEqual(lines, expected);
  const isWrong = diagnostics.some((d) => d.severity === 'error');
  assert.equal(config === null, isWrong);
}

function textOf({ old, text }: BadConfig): string {
  if (old === undefined) return text;
  assert.ok(minimalConfig.includes(old), `the minimal config has no ${old}`);
  return minimalConfig.replace(old, () => text);
}

const samples = new URL('../../../samples/', import.meta.url);

function sampleConfigs(): string[] {
  const files = readdirSync(samples, { recursive: true, encoding: 'utf8' });
  const configs = files.filter((file) => /\.train\.(?:ya?ml|json)$/.test(file));
  assert.ok(configs.length > 0);
  return configs;
}

describe('parseConfig', () => {
  it('accepts the minimal config without a word', () => check(minimalConfig, []));

  for (const bad of [...badConfigs, ...conflictingConfigs]) {
    it(`rejects ${bad.behaviour}`, () => check(textOf(bad), bad.expected));
  }

  for (const odd of oddConfigs) {
    it(`warns of ${odd.behaviour}`, () => check(textOf(odd), odd.expected));
  }

  it('reads JSON, indented with tabs and with a schema', () => {
    const { config } = parseConfig(minimalConfig, 'a.train.yaml');
    const text = JSON.stringify({ $schema: 'train.schema.json', ...config }, null, '\t');
    const { config: again, diagnostics } = parseConfig(text, 'a.train.json');
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(again, config);
  });

  it('calls JSON by its name where it is broken', () => {
    const expected = 'not valid JSON: `[` is not closed with `]` before this';
    check(
      '{\n  "model": [{"type": "Dense"}\n}',
      [`3:1 error config.syntax ${expected}`],
      'a.train.json',
    );
  });

  it('points into JSON as into YAML', () => {
    check(
      '{\n  "task": "regresion"\n}',
      [
        '1:1 error config.missingKey the config needs `data`: keys with values (The rows.)',
        '1:1 error config.missingKey the config needs `model`: a list (The layers, from input to output.)',
        '1:1 error config.missingKey the config needs `training`: keys with values (How the model is trained.)',
        '2:11 error config.unknownValue `task` expects one of `classification`, `image_classification`, `regression`, found text "regresion" (did you mean `regression`?)',
      ],
      'a.train.json',
    );
  });

  it('gives a place in a file with CRLF and a byte order mark', () => {
    const text = `\uFEFF${minimalConfig.replaceAll('\n', '\r\n')}`;
    check(text, []);
    check(text.replace('epochs: 5', 'epochs: 0'), [
      '13:11 error config.outOfRange `training.epochs` expects at least 1, found 0',
    ]);
  });

  for (const file of sampleConfigs()) {
    it(`accepts samples/${file} without a word`, () => {
      check(readFileSync(new URL(file, samples), 'utf8'), []);
    });
  }

  it('takes `model: {layers: [...]}` for the list, and still knows where everything is', () => {
    const text = (model: string) => `task: classification
data: {path: a.csv, features: [a], target: b}
model: ${model}
training: {epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy}
`;
    const list = '[{type: Dense, units: 3, activation: softmax}]';
    const plain = parseConfig(text(list), 'a.yaml');
    const keyed = parseConfig(text(`{layers: ${list}}`), 'a.yaml');
    assert.deepEqual(keyed.diagnostics, []);
    assert.deepEqual(keyed.config, plain.config);
    check(text('{layers: [{type: Dense, units: 0}]}'), [
      '3:39 error config.outOfRange `model[0].units` expects at least 1, found 0',
    ]);
    check(text('{layers: [Flatten], edges: []}'), [
      '3:8 error config.notImplemented `edges` is planned but not implemented yet',
    ]);
  });

  it('accepts the penguins example (needs ../shared)', function () {
    check(example('penguins.train.yaml') ?? this.skip(), []);
  });

  it('accepts the cifar10 example (needs ../shared)', function () {
    check(example('cifar10.train.yaml') ?? this.skip(), []);
  });
});
