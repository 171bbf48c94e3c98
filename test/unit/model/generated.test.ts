import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { generateFiles } from '../../../src/build/generateSchema.ts';
import { configJsonSchema } from '../../../src/build/jsonSchema.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { plannedWords } from '../../../src/shared/model/planned.ts';
import { example, minimalConfig, richConfig } from './exampleConfigs.ts';

describe('files generated from the config schema', () => {
  it('are committed as they would be generated now', async function () {
    this.timeout(60_000); // loads a formatter
    for (const { path, text } of await generateFiles()) {
      const committed = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
      assert.equal(committed, text, `${path} is out of date: npm run generate`);
    }
  });

  it('tell every key of the config on the reference page', () => {
    const page = readFileSync(new URL('../../../samples/CONFIG.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.includes('keys with values'));
    const free = rows.map((row) => /`(\w+)`/.exec(row)?.[1]);
    assert.deepEqual(free, ['predict', 'class_weight'], 'their keys are names of the user’s');
  });
});

describe('the JSON Schema for editors', () => {
  const validate = new Ajv({ strict: false, allowUnionTypes: true }).compile(configJsonSchema());

  /** Both judge alike; `verdict` says how. */
  function agree(text: string, verdict: boolean): void {
    const { config, diagnostics } = parseConfig(text, 'a.train.yaml');
    assert.equal(config !== null, verdict, diagnostics.map((d) => d.message).join('\n'));
    assert.equal(validate(parse(text)), verdict, JSON.stringify(validate.errors, null, 1));
  }

  it('accepts what the parser accepts', () => {
    agree(minimalConfig, true);
    agree(richConfig, true);
  });

  it('accepts a resolved config, as a run keeps it', () => {
    agree(JSON.stringify(parseConfig(richConfig, 'a.train.yaml').config), true);
  });

  const mistakes: readonly [old: string, text: string][] = [
    ['Flatten', 'Flaten'],
    ['Flatten', 'Dense'],
    ['Flatten', 'LSTM'],
    ['units: 1', 'units: 0'],
    ['units: 1', 'units: 1.5'],
    ['rate: 0.5', 'rate: 1'],
    ['epochs: 3', 'epoch: 3'],
    ['shuffle: false', 'shuffle: no'],
    ['deterministic: portable', 'deterministic: false'],
    ['loss: mse', 'loss: msee'],
    ['{constant: 0}', '{constnt: 0}'],
    ['{constant: 0}', 'zero'],
    ['mass: null', 'mass: [1]'],
    ['sha256: 0', 'sha256: x'],
    ['name: rich', 'name: /rich'],
    ['seed: {value: 7, compat: pytorch}', 'seed: -1'],
    ['- age', '- {encode: ordinal}'],
    ['[2, -1]', '[2, -2]'],
  ];
  for (const [old, text] of mistakes) {
    it(`rejects \`${text}\` as the parser does`, () => {
      assert.ok(richConfig.includes(old));
      agree(
        richConfig.replace(old, () => text),
        false,
      );
    });
  }

  it('judges the examples as the parser does (needs ../shared)', function () {
    agree(example('penguins.train.yaml') ?? this.skip(), true);
    agree(example('cifar10.train.yaml') ?? this.skip(), true);
  });

  it('describes every key', () => {
    const bare: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, inner] of Object.entries(node)) {
        const isKey = path.endsWith('/properties') && key !== 'type';
        if (isKey && !('description' in (inner as object))) bare.push(`${path}/${key}`);
        visit(inner, `${path}/${key}`);
      }
    };
    visit(configJsonSchema(), '');
    // The one key of the short form `{constant: 0}` shows the description of what it stands for.
    assert.deepEqual(bare, []);
  });

  it('has no word that is planned only', () => {
    const { properties } = configJsonSchema();
    const implemented = JSON.stringify(properties?.['model']);
    for (const [place, words] of plannedWords()) {
      if (place !== 'model[].type') continue;
      for (const word of words) assert.ok(!implemented.includes(`"${word}"`), word);
    }
  });
});
