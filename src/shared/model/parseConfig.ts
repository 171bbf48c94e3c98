/** From the text of a config file to a checked config, or to all that is wrong with it. Never throws. */
import { hasErrors, type Diagnostic } from '../diagnostics.ts';
import type { ConfigDocument } from './configDocument.ts';
import { readDocument } from './readDocument.ts';
import { valueAt } from './configPath.ts';
import { checkSections } from './checks.ts';
import { createDraft, type ConfigDraft } from './draft.ts';
import { withLayerList } from './layerList.ts';
import { describeIssues } from './issues.ts';
import type { Conventions } from './schemaKit.ts';
import { trainConfigSchema, type ConfigSchema, type TrainConfig } from './trainConfig.ts';

export interface ParsedConfigFile {
  /** Null when there are errors. */
  readonly config: TrainConfig | null;
  /** When there are errors: for further checks, never to train. Null when nothing can be made of the file. */
  readonly draft: ConfigDraft | null;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly document: ConfigDocument;
}

export function parseConfig(text: string, file: string): ParsedConfigFile {
  const read = readDocument(text, file);
  const { document, value } = withLayerList(read);
  const readDiagnostics = read.diagnostics;
  if (hasErrors(readDiagnostics)) {
    return { config: null, draft: null, diagnostics: readDiagnostics, document };
  }
  const schema = schemaFor(conventionsOf(value), initializersOf(value));
  // Compiling a validator to check one file would take longer than checking it.
  const result = schema.safeParse(value, { reportInput: true, jitless: true });
  const problems = result.success ? [] : describeIssues(schema, value, result.error.issues);
  const conflicts = checkSections(schema, value);
  const found = [...problems, ...conflicts];
  const diagnostics = inOrder([
    ...found.map(({ path, problem, where }) => document.at(path, problem, where)),
    ...readDiagnostics,
  ]);
  if (!result.success || hasErrors(diagnostics)) {
    const wrong = conflicts.filter(({ problem }) => (problem.severity ?? 'error') === 'error');
    const paths = wrong.map(({ path }) => path);
    return { config: null, draft: createDraft(schema, value, paths), diagnostics, document };
  }
  const config = { ...result.data, name: result.data.name ?? nameOf(file) };
  delete config.$schema; // for editors only
  return { config, draft: null, diagnostics, document };
}

const schemas = new Map<string, ConfigSchema>();

/** Building a schema takes milliseconds: do it once. */
function schemaFor(conventions: Conventions, initializers: Conventions): ConfigSchema {
  const key = `${conventions} ${initializers}`;
  const schema = schemas.get(key) ?? trainConfigSchema(conventions, initializers);
  schemas.set(key, schema);
  return schema;
}

/** The defaults depend on the conventions, so these are looked up before anything is checked. */
function conventionsOf(value: unknown): Conventions {
  return valueAt(value, ['training', 'conventions']) === 'pytorch' ? 'pytorch' : 'keras';
}

function initializersOf(value: unknown): Conventions {
  const compat = valueAt(value, ['seed', 'compat']);
  return compat === 'pytorch' ? 'pytorch' : conventionsOf(value);
}

/** `dir/penguins.train.yaml` gives `penguins`. */
function nameOf(file: string): string {
  const base = file
    .split(/[/\\]/)
    .at(-1)!
    .replace(/(?:\.train)?\.(?:ya?ml|json)$/i, '');
  const name = base
    .replace(/[^\p{L}\p{N} ._-]/gu, '_')
    .replace(/^[ .-]+/, '')
    .slice(0, 64);
  return name === '' ? 'model' : name;
}

/** By place; a warning about a value that is also in error would only distract. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const place = ({ start }: Diagnostic) => `${start.line}:${start.column}`;
  const errors = new Set(diagnostics.filter((d) => d.severity === 'error').map(place));
  return diagnostics
    .filter((d) => d.severity === 'error' || !errors.has(place(d)))
    .sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
}
