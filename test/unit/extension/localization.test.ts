/** Every text that the extension shows has its key in the English and the Spanish bundle, and no key is left over. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../../..');
const languages = ['en', 'es'] as const;

type Texts = Readonly<Record<string, string>>;

function readTexts(file: string): Texts {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Texts;
}

/** First arguments of `l10n.t(...)` and of `t(...)`, its name where it is passed in. */
function textsInSource(): readonly { readonly text: string | null; readonly at: string }[] {
  const folder = path.join(root, 'src/extension');
  const files = fs.readdirSync(folder, { recursive: true }).map(String);
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const code = fs.readFileSync(path.join(folder, file), 'utf8');
      const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
      const found: { text: string | null; at: string }[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ['l10n.t', 't'].includes(node.expression.getText())) {
          const [first] = node.arguments;
          const text = first !== undefined && ts.isStringLiteral(first) ? first.text : null;
          const { line } = source.getLineAndCharacterOfPosition(node.getStart());
          // The one call that passes a text on has none of its own.
          if (first?.getText() !== 'message') found.push({ text, at: `${file}:${line + 1}` });
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}

const holes = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();

describe('localization', () => {
  const used = textsInSource();

  it('has only literal texts in calls of the translator', () => {
    assert.ok(used.length > 20, `only ${used.length} texts found`);
    assert.deepEqual(
      used.filter(({ text }) => text === null),
      [],
    );
  });

  for (const language of languages) {
    it(`has every text of the extension in the bundle for ${language}, and no other`, () => {
      const bundle = readTexts(
        language === 'en' ? 'l10n/bundle.l10n.json' : 'l10n/bundle.l10n.es.json',
      );
      const expected = [...new Set(used.map(({ text }) => text!))].sort();
      assert.deepEqual(Object.keys(bundle).sort(), expected);
      for (const [key, text] of Object.entries(bundle))
        assert.deepEqual(holes(text), holes(key), key);
    });
  }

  it('has every text of package.json in both languages', () => {
    const manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
    const keys = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!);
    const expected = [...new Set(keys)].sort();
    assert.deepEqual(Object.keys(readTexts('package.nls.json')).sort(), expected);
    assert.deepEqual(Object.keys(readTexts('package.nls.es.json')).sort(), expected);
  });

  it('speaks to people as tú', () => {
    const formal =
      /\b(usted|desee|desea|elija|entrene|escriba|cambie|cree|vuelva|abra|pruebe|haga)\b/i;
    const texts = ['l10n/bundle.l10n.es.json', 'package.nls.es.json', 'src/shared/language.es.json']
      .flatMap((file) => Object.values(readTexts(file)))
      .filter((text) => formal.test(text));
    assert.deepEqual(texts, []);
  });

  it('translates into Spanish rather than repeating the English', () => {
    const same = Object.entries(readTexts('l10n/bundle.l10n.es.json')).filter(
      ([en, es]) => en === es,
    );
    assert.deepEqual(same, []);
  });
});
