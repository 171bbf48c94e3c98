/** Every text that the core, the command line and what they share say to people is there in Spanish, and no other. */
import assert from 'node:assert/strict';
import spanish from '../../../src/shared/language.es.json' with { type: 'json' };
import { describedTexts, readSources, saidTexts } from '../../kit/sourceTexts.ts';

const dictionary: Readonly<Record<string, string>> = spanish;
const folders = ['src/shared', 'src/core', 'src/cli', 'src/coreProcess', 'src/plotData'];

const holes = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();
/** What stands in backticks are words of the config language, which has no translation. */
const codes = (text: string) => (text.match(/`[^`]*`/g) ?? []).sort();

/** Says what has been written elsewhere: a description of the schema. */
const passedOn = ['src/shared/model/issues.ts'];

describe('the Spanish dictionary', () => {
  const sources = readSources(folders);
  const said = saidTexts(sources);
  const described = describedTexts(sources.filter(({ file }) => /^src\/shared\/model/.test(file)));

  it('is asked only for texts that stand in the code', () => {
    assert.ok(said.length > 50, `only ${said.length} texts found`);
    const unknown = said.filter(({ text }) => text === null);
    assert.deepEqual(
      unknown.map(({ at }) => at.replace(/:\d+$/, '')),
      passedOn,
    );
  });

  it('has every text, and no other', () => {
    const used = new Set([...said, ...described].flatMap(({ text }) => text ?? []));
    const lacking = [...used].filter((text) => !Object.hasOwn(dictionary, text));
    const stale = Object.keys(dictionary).filter((text) => !used.has(text));
    assert.deepEqual({ lacking, stale }, { lacking: [], stale: [] });
  });

  it('keeps the values and the words of the config language', () => {
    for (const [english, translation] of Object.entries(dictionary)) {
      assert.deepEqual(holes(translation), holes(english), english);
      assert.deepEqual(codes(translation), codes(english), english);
    }
  });

  it('translates rather than repeats', () => {
    const same = Object.entries(dictionary).filter(([en, es]) => en === es && / \p{L}/u.test(en));
    assert.deepEqual(same, []);
  });
});
