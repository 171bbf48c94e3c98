/** The texts in our sources, by their syntax: what goes through `say`, and what only looks like a sentence. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../..');

export interface SourceText {
  /** With `{0}`, `{1}` for values; null where it is not written there. */
  readonly text: string | null;
  /** `file:line` */
  readonly at: string;
}

interface Source {
  readonly file: string;
  readonly tree: ts.SourceFile;
}

/** The TypeScript files in folders of the repository, parsed. */
export function readSources(folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true })
      .map((name) => `${folder}/${String(name).replaceAll(path.sep, '/')}`)
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((file) => {
        const code = fs.readFileSync(path.join(root, file), 'utf8');
        return { file, tree: ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true) };
      }),
  );
}

/** What is given to `say`, as a tagged template or as a plain string. */
export function saidTexts(sources: readonly Source[]): SourceText[] {
  return collect(sources, (node) => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'say') {
      return templateText(node.template);
    }
    if (!ts.isCallExpression(node) || node.expression.getText() !== 'say') return undefined;
    const [first] = node.arguments;
    return first !== undefined && ts.isStringLiteralLike(first) ? first.text : null;
  });
}

/** Descriptions in the schema of the config: hints are made of them. */
export function describedTexts(sources: readonly Source[]): SourceText[] {
  return collect(sources, (node) => {
    if (!ts.isCallExpression(node)) return undefined;
    const called = node.expression;
    const isMethod = ts.isPropertyAccessExpression(called) && called.name.text === 'describe';
    const text = isMethod
      ? node.arguments[0]
      : called.getText() === 'kind'
        ? node.arguments[1]
        : undefined;
    return text !== undefined && ts.isStringLiteralLike(text) ? text.text : undefined;
  });
}

/** Strings and templates with two words in a row that are neither said nor excused by `isExcused`. */
export function bareSentences(
  sources: readonly Source[],
  isExcused: (node: ts.Node) => boolean,
): SourceText[] {
  return collect(
    sources,
    (node) => {
      const text = ts.isStringLiteralLike(node)
        ? node.text
        : ts.isTemplateExpression(node)
          ? templateText(node)
          : '';
      return /\p{Ll}{2,} \p{L}?\p{Ll}+/u.test(text) ? text : undefined;
    },
    (node) => isSaid(node) || isExcused(node),
  );
}

function isSaid(node: ts.Node): boolean {
  return (
    (ts.isTemplateLiteral(node) && ts.isTaggedTemplateExpression(node.parent)) ||
    (ts.isStringLiteral(node) &&
      ts.isCallExpression(node.parent) &&
      node.parent.expression.getText() === 'say')
  );
}

/** `there is no column {0}` of a template. */
function templateText(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  const rest = template.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`);
  return template.head.text + rest.join('');
}

/** `textOf` gives undefined for what is no text; what lies in a node that `skip` names is passed over. */
function collect(
  sources: readonly Source[],
  textOf: (node: ts.Node) => string | null | undefined,
  skip: (node: ts.Node) => boolean = () => false,
): SourceText[] {
  const found: SourceText[] = [];
  for (const { file, tree } of sources) {
    const visit = (node: ts.Node): void => {
      const skipped = skip(node);
      const text = skipped ? undefined : textOf(node);
      if (text !== undefined) {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
        found.push({ text, at: `${file}:${line + 1}` });
      }
      if (!skipped || ts.isTemplateExpression(node)) ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return found;
}
