/** Reads YAML 1.2, and so JSON too, keeping the place of everything. */
import { parseDocument, type Document, type YAMLError } from 'yaml';
import { say } from '../language.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { errorMessage } from '../errors.ts';
import type { ConfigDocument, Problem, Range, RangedProblem } from './configDocument.ts';
import { findBadAliases } from './yamlAliases.ts';
import { locate } from './yamlPlaces.ts';
import { syntaxReason } from './yamlSyntax.ts';
import { findVersionTraps } from './yamlTraps.ts';

export interface ReadDocument {
  readonly document: ConfigDocument;
  /** Plain data; undefined if the text is not valid YAML. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** One slip makes the rest of a file look wrong: what comes later is rarely worth reading. */
const mostSyntaxErrors = 3;

export function readDocument(text: string, file: string): ReadDocument {
  const lines = lineStarts(text);
  const within = (offset: number): number => Math.min(offset, text.length);
  const diagnosticAt = (range: Range, problem: Problem): Diagnostic =>
    toDiagnostic({ file, lines, range: [within(range[0]), within(range[1])] }, problem);
  if (isTooDeep(text))
    return unreadable(say('it is nested too deeply'), { file, text, diagnosticAt });
  try {
    const yaml = parseDocument(text, {
      prettyErrors: false,
      logLevel: 'error',
    });
    const document: ConfigDocument = {
      file,
      text,
      at: (path, problem, where = 'value') =>
        diagnosticAt(locate(yaml, text, path, where), problem),
    };
    const language: Language = /\.json$/i.test(file) ? 'JSON' : 'YAML';
    const faults = findFaults(yaml, text, language).map(({ range, problem }) =>
      diagnosticAt(range, problem),
    );
    if (faults.length > 0) return { document, value: undefined, diagnostics: faults };
    const traps = language === 'JSON' ? [] : findVersionTraps(yaml);
    const warnings = traps.map(({ range, problem }) => diagnosticAt(range, problem));
    return { document, value: yaml.toJS() as unknown, diagnostics: warnings };
  } catch (error) {
    // Aliases of aliases that grow without end.
    return unreadable(errorMessage(error), { file, text, diagnosticAt });
  }
}

/** As its user knows the file. */
type Language = 'JSON' | 'YAML';

function findFaults(yaml: Document.Parsed, text: string, language: Language): RangedProblem[] {
  if (yaml.errors.length === 0) return findBadAliases(yaml);
  const first = yaml.errors.filter(
    ({ pos }, index) => yaml.errors.findIndex((other) => other.pos[0] === pos[0]) === index,
  );
  return first
    .slice(0, mostSyntaxErrors)
    .map((error) => ({ range: error.pos, problem: syntaxProblem(error, text, language) }));
}

interface Reading {
  readonly file: string;
  readonly text: string;
  readonly diagnosticAt: (range: Range, problem: Problem) => Diagnostic;
}

function unreadable(reason: string, { file, text, diagnosticAt }: Reading): ReadDocument {
  const start: Range = [0, 0];
  const at: ConfigDocument['at'] = (_, problem) => diagnosticAt(start, problem);
  const fault = syntax(say`the file cannot be read: ${reason}`);
  return {
    document: { file, text, at },
    value: undefined,
    diagnostics: [diagnosticAt(start, fault)],
  };
}

/** The `yaml` package descends by recursion, and V8 may abort the process on a stack that is nearly full. */
function isTooDeep(text: string): boolean {
  const most = 100;
  let depth = 0;
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1);
    if (depth > most) return true;
  }
  // Lists in lists, `- - - x`, and what is indented further and further.
  return /^[ \t?:-]{400}/m.test(text);
}

interface Place {
  readonly file: string;
  /** Offsets at which lines start. */
  readonly lines: readonly number[];
  readonly range: Range;
}

function toDiagnostic({ file, lines, range }: Place, problem: Problem): Diagnostic {
  const position = (offset: number) => {
    const line = lines.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - lines[line]! + 1 };
  };
  const [start, end] = range;
  return {
    severity: 'error',
    ...problem,
    file,
    start: position(start),
    end: position(Math.max(start, end)),
  };
}

/** The `yaml` package counts lines too, but not behind a quote that is never closed. */
function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), (match) => match.index + 1)];
}

function syntax(message: string): Problem {
  return { code: 'config.syntax', message };
}

function syntaxProblem(error: YAMLError, text: string, language: Language): Problem {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^:\s]*/.exec(text.slice(error.pos[0]))![0];
      return { code: 'config.duplicateKey', message: say`\`${key}\` is given twice` };
    }
    case 'TAB_AS_INDENT':
      return syntax(say('YAML cannot be indented with tabs; use spaces'));
    case 'MULTIPLE_DOCS':
      return syntax(say('only one document is allowed in a file; remove what follows `---`'));
    default: {
      const bracket = /^Flow .* end with a ([\]}])/.exec(error.message)?.[1];
      if (bracket === undefined) return syntax(say`not valid ${language}: ${syntaxReason(error)}`);
      const opening = bracket === ']' ? '[' : '{';
      return syntax(
        say`not valid ${language}: \`${opening}\` is not closed with \`${bracket}\` before this`,
      );
    }
  }
}
