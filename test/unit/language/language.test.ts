/** Texts come out in the language chosen, values in their places. */
import assert from 'node:assert/strict';
import { currentLanguage, say, useLanguage } from '../../../src/shared/language.ts';
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
