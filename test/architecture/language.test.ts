/** Every text that the core, the command line and what they share say to people goes through `say`, and is there in Spanish. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import spanish from '../../src/shared/language.es.json' with { type: 'json' };
import { bareSentences, describedTexts, readSources, saidTexts } from '../kit/sourceTexts.ts';

const dictionary: Readonly<Record<string, string>> = spanish;
const dictionaryFile = new URL('../../src/shared/language.es.json', import.meta.url);
const folders = [
  'src/shared',
  'src/core',
  'src/cli',
  'src/coreProcess',
  'src/azure',
  'src/ssh',
  'src/plotData',
  'src/build',
];

const holes = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();
/** What stands in backticks are words of the config language, which has no translation. */
const codes = (text: string) => (text.match(/`[^`]*`/g) ?? []).sort();

/** Say what has been written elsewhere: descriptions of the schema. */
const passedOn = [
  'src/shared/model/issues.ts',
  'src/azure/yaml/completion.ts',
  'src/build/jsonSchema.ts',
];

/** Files whose sentences no user meets: compiler texts for us, code in other languages, words to recognise. */
const notForPeople =
  /^src\/build\/|^src\/core\/(ir|autodiff|passes|codegen|snippets|backends)\/|\/(textForms|chooseTarget|symmetricEigen)\.ts$/;
/** Formats, and what only we read. */
const formats = [
  'Azure answered {0}',
  "resourceType eq '{0}'",
  'Azure: {0} failed after {1}: {2}',
  '--format pt|safetensors [--out FILE] [--json]',
  'dense kernels [in, out]',
  'dense kernels [in, out], convolution kernels [rows, columns, in, out]',
  'npm run --silent trainbench --',
  'the parent is gone',
  'the input has ended',
  '\n<trainbench core, framed>\n',
  'Linux x86_64',
  '{0} is shorter than it was',
];
const callsForUs = [
  'runScript',
  'openShell',
  'exec',
  'invariant',
  'unreachable',
  'kind',
  'describe',
];

/** Of a node with everything in it. */
function isExcused(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node))
    return true;
  if (ts.isCallExpression(node)) {
    const { expression } = node;
    const called = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    return callsForUs.includes(called.getText());
  }
  if (!ts.isNewExpression(node)) return false;
  return (
    ['TypeError', 'RangeError'].includes(node.expression.getText()) ||
    node.arguments?.[0]?.getText() === "'internal'"
  );
}

describe('the languages of the core and the command line', () => {
  const sources = readSources(folders);
  const said = saidTexts(sources);
  const described = describedTexts(
    sources.filter(({ file }) => /^src\/(shared\/model|azure\/yaml)/.test(file)),
  );

  it('are spoken by `say` alone', () => {
    const spoken = sources.filter(({ file }) => !notForPeople.test(file));
    const bare = bareSentences(spoken, isExcused).filter(
      ({ text }) => !formats.includes(text ?? ''),
    );
    assert.deepEqual(bare, [], 'say these to people as say`...` of shared/language.ts');
  });

  it('have only texts that stand in the code', () => {
    assert.ok(said.length > 500, `only ${said.length} texts found`);
    const unknown = said.filter(({ text }) => text === null);
    assert.deepEqual(
      unknown.map(({ at }) => at.replace(/:\d+$/, '')),
      passedOn,
    );
  });

  it('are both complete', () => {
    const used = new Map([...said, ...described].map(({ text, at }) => [text ?? '', at]));
    used.delete('');
    const lacking = [...used].filter(([text]) => !Object.hasOwn(dictionary, text));
    assert.deepEqual(lacking, [], 'add the Spanish of these to src/shared/language.es.json');
    const stale = Object.keys(dictionary).filter((text) => !used.has(text));
    assert.deepEqual(stale, [], 'take these out of src/shared/language.es.json');
  });

  it('stand in order, each text once, so that two who add some seldom meet', () => {
    const text = readFileSync(dictionaryFile, 'utf8');
    const keys = [...text.matchAll(/^ {2}("(?:[^"\\]|\\.)*"):/gm)].map(
      ([, key]) => JSON.parse(key!) as string,
    );
    assert.equal(keys.length, Object.keys(dictionary).length, 'a key stands there twice');
    assert.deepEqual(keys, [...keys].sort());
  });

  it('have the same values and words of the config language', () => {
    for (const [english, translation] of Object.entries(dictionary)) {
      assert.deepEqual(holes(translation), holes(english), english);
      assert.deepEqual(codes(translation), codes(english), english);
    }
  });

  it('differ', () => {
    const same = Object.entries(dictionary).filter(
      ([en, es]) => en === es && /\p{L} \p{L}/u.test(en),
    );
    assert.deepEqual(same, []);
  });
});
