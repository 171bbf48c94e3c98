import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Diagnostic, Position } from '../../../src/shared/diagnostics.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { minimalConfig, richConfig } from './exampleConfigs.ts';

const runs = { numRuns: 300, seed: 1 } as const;

/** Whatever the text, there is an answer, and all of it lies within the text. */
function checkAnswer(text: string, file = 'a.train.yaml'): void {
  const { config, diagnostics } = parseConfig(text, file);
  const lines = text.split('\n');
  for (const d of diagnostics) {
    checkPosition(d.start, lines, d);
    checkPosition(d.end, lines, d);
    assert.ok(d.start.line < d.end.line || d.start.column <= d.end.column, JSON.stringify(d));
    assert.match(d.code, /^config\.[a-zA-Z0-9]+$/);
    assert.doesNotMatch(`${d.message} ${d.hint ?? ''}`, /undefined|\[object|NaN expects|internal/);
  }
  const hasErrors = diagnostics.some((d) => d.severity === 'error');
  assert.equal(config === null, hasErrors);
}

function checkPosition({ line, column }: Position, lines: readonly string[], d: Diagnostic): void {
  assert.ok(line >= 1 && line <= lines.length, `line of ${JSON.stringify(d)}`);
  const length = lines[line - 1]!.length;
  assert.ok(column >= 1 && column <= length + 1, `column of ${JSON.stringify(d)}`);
}

type Json = fc.JsonValue;

/** The paths of everything in a value. */
function places(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    places(item as Json, [...path, key]),
  );
  return [path, ...inner];
}

function replaced(value: Json, path: readonly string[], by: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, Json>;
  copy[key] = replaced(copy[key]!, rest, by);
  return copy;
}

const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 'yes', '', '1e-3', '__proto__', 'type', 'Dense', -1, 0, 1e300),
  fc.constantFrom<Json>([], {}, [[]], { type: null }, { type: 'Dense' }, { type: ['x'] }, [null]),
  fc.jsonValue({ maxDepth: 3 }),
);

describe('parseConfig, whatever it is given', function () {
  this.timeout(60_000);

  it('answers for text that is no YAML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => checkAnswer(text)),
      runs,
    );
  });

  it('answers for text made of the signs that YAML gives a meaning', () => {
    const sign = fc.constantFrom(
      ...Array.from('{}[]:,-?*&!|>%@#"\'\\~<= \n\t\rab1.'),
      ': ',
      '- ',
      '<<: ',
      '\n  ',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 40 }), (signs) => checkAnswer(signs.join(''))),
      runs,
    );
  });

  it('answers for a config with some text put in or taken out', () => {
    const edit = fc.record({
      at: fc.nat(richConfig.length),
      remove: fc.nat(20),
      insert: fc.oneof(
        fc.constant(''),
        fc.string({ maxLength: 6 }),
        fc.constantFrom('\n', '\t', ': ', '&a ', '*a'),
      ),
    });
    fc.assert(
      fc.property(edit, ({ at, remove, insert }) => {
        checkAnswer(richConfig.slice(0, at) + insert + richConfig.slice(at + remove));
      }),
      runs,
    );
  });

  for (const [name, text] of Object.entries({ minimalConfig, richConfig })) {
    it(`answers for the ${name} with a strange value anywhere, as JSON`, () => {
      const config = JSON.parse(JSON.stringify(parseConfig(text, 'a.yaml').config)) as Json;
      const change = fc.tuple(fc.constantFrom(...places(config)), strange);
      fc.assert(
        fc.property(change, ([path, by]) => {
          checkAnswer(JSON.stringify(replaced(config, path, by), null, 1), 'a.train.json');
        }),
        runs,
      );
    });
  }

  it('answers for nesting of any depth', () => {
    for (const depth of [50, 99, 100, 101, 1000, 20_000]) {
      checkAnswer('['.repeat(depth));
      checkAnswer('[a: '.repeat(depth));
      checkAnswer('- '.repeat(depth));
      checkAnswer('? '.repeat(depth));
      checkAnswer(`{"task":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`, 'a.json');
    }
  });

  it('answers for keys that objects have from birth', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      checkAnswer(`${key}: 1\n${minimalConfig}`);
      checkAnswer(minimalConfig.replace('units: 3', `units: 3, ${key}: {type: ${key}}`));
      checkAnswer(minimalConfig.replace('type: Dense', `type: ${key}`));
    }
  });
});
