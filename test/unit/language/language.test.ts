/** Texts come out in the language chosen, values in their places. */
import assert from 'node:assert/strict';
import { describeFeature } from '../../../src/core/data/describeFeature.ts';
import { verdictText } from '../../../src/core/train/verdict.ts';
import { currentLanguage, say, sayNumber, useLanguage } from '../../../src/shared/language.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';

describe('the language', () => {
  afterEach(() => useLanguage('en'));

  const sentence = () => say`\`${'epochs'}\` belongs in \`${'training'}\``;

  it('is English by itself', () => {
    assert.equal(currentLanguage(), 'en');
    assert.equal(sentence(), '`epochs` belongs in `training`');
  });

  it('is Spanish for any Spanish locale, English for others', async () => {
    for (const tag of ['es', 'es-MX', 'ES', 'es_ES.UTF-8']) {
      await useLanguage(tag);
      assert.equal(sentence(), '`epochs` va dentro de `training`', tag);
    }
    for (const tag of ['en-US', 'et', 'est', 'C.UTF-8', '']) {
      await useLanguage(tag);
      assert.equal(currentLanguage(), 'en', tag);
    }
  });

  it('leaves values as they are, even when they look like a place', async () => {
    await useLanguage('es');
    assert.equal(say`did you mean \`${'{0}'}\`?`, '¿querías decir `{0}`?');
  });

  it('says a text without a translation in English', async () => {
    await useLanguage('es');
    const text: string = 'no dictionary has this';
    assert.equal(say(text), text);
  });

  it('writes numbers within its texts as the language does', async () => {
    const affine = { scale: 0.1, offset: 0, center: 17.25, divisor: 1 };
    const texts = () => [
      sayNumber(4201.7541, 6),
      sayNumber(1.5e-7),
      describeFeature({ kind: 'number', name: 'x', fill: 0.5, affine }),
      verdictText(
        { epoch: 1, rows: 9, correct: null, rmse: 1.25 },
        { baseline: { kind: 'mean', metrics: { rmse: 2.5 }, guess: '3' }, validationRows: 9 },
      ),
    ];
    const english = texts();
    assert.deepEqual(english.slice(0, 3), [
      '4201.75',
      '1.5e-7',
      'times 0.1, minus 17.25; where missing, 0.5',
    ]);
    await useLanguage('es');
    const spanish = texts();
    assert.deepEqual(spanish.slice(0, 2), ['4201,75', '1,5e-7']);
    const numbers = (all: readonly string[]) => all.map((text) => text.match(/\d+[.,]\d+/g));
    const withCommas = numbers(english).map((found) =>
      found!.map((text) => text.replace('.', ',')),
    );
    assert.deepEqual(numbers(spanish), withCommas);
  });

  it('reaches the problems of a config, with the same codes', async () => {
    const problems = () =>
      parseConfig('task: sort\nepoch: 3\n', 'bad.train.yaml').diagnostics.map(
        ({ code, message, hint }) => ({ code, text: `${message} (${hint ?? ''})` }),
      );
    const english = problems();
    await useLanguage('es');
    const spanish = problems();
    assert.deepEqual(
      spanish.map(({ code }) => code),
      english.map(({ code }) => code),
    );
    assert.ok(
      spanish.some(({ text }) => text.startsWith('clave desconocida `epoch` en la config')),
    );
    for (const { text } of spanish) assert.doesNotMatch(text, /\b(the|needs|one of|expects)\b/);
  });
});
