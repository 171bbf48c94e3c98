/** The text of a config file with the place of everything in it. YAML 1.2, and so JSON too. */
import {
  LineCounter,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { Diagnostic, Severity } from '../diagnostics.ts';
import { errorMessage } from '../errors.ts';
import type { ConfigPath } from './configPath.ts';
import { findVersionTraps } from './yamlTraps.ts';

export interface Problem {
  /** `area.what`, as in Diagnostic. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** By default `error`. */
  readonly severity?: Severity;
}

export interface ConfigDocument {
  /** As given by the caller. */
  readonly file: string;
  readonly text: string;
  /**
   * A diagnostic where `path` is written: on the value if it is on one line, else on its key.
   * What is not in the file (a missing key, a default) is shown at what would contain it.
   */
  at(path: ConfigPath, problem: Problem, where?: 'key' | 'value'): Diagnostic;
}

export interface ReadDocument {
  readonly document: ConfigDocument;
  /** Plain data; undefined if the text is not valid YAML. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** Offsets into the text, end exclusive. */
type Range = readonly [start: number, end: number];

/** One slip makes the rest of a file look wrong: what comes later is rarely worth reading. */
const mostSyntaxErrors = 3;

export function readDocument(text: string, file: string): ReadDocument {
  const lines = new LineCounter();
  const diagnosticAt = (range: Range, problem: Problem): Diagnostic =>
    toDiagnostic({ file, text, lines, range }, problem);
  try {
    const yaml = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
    });
    const document: ConfigDocument = {
      file,
      text,
      at: (path, problem, where = 'value') =>
        diagnosticAt(locate(yaml, text, path, where), problem),
    };
    const faults = yaml.errors
      .slice(0, mostSyntaxErrors)
      .map((error) => diagnosticAt(error.pos, syntaxProblem(error, text)));
    if (faults.length > 0) return { document, value: undefined, diagnostics: faults };
    const traps = /\.json$/i.test(file) ? [] : findVersionTraps(yaml);
    const warnings = traps.map(({ range, problem }) => diagnosticAt(range, problem));
    return { document, value: yaml.toJS() as unknown, diagnostics: warnings };
  } catch (error) {
    // Aliases that grow without end, or nesting deeper than the stack.
    const document = { file, text, at: (_: ConfigPath, p: Problem) => diagnosticAt([0, 0], p) };
    const fault = syntax(`cannot be read: ${errorMessage(error)}`);
    return { document, value: undefined, diagnostics: [diagnosticAt([0, 0], fault)] };
  }
}

interface Place {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly range: Range;
}

function toDiagnostic({ file, text, lines, range }: Place, problem: Problem): Diagnostic {
  const position = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(Math.max(offset, 0), text.length));
    return line === 0 ? { line: 1, column: offset + 1 } : { line, column: col };
  };
  return {
    severity: 'error',
    ...problem,
    file,
    start: position(range[0]),
    end: position(Math.max(range[0], range[1])),
  };
}

function syntax(message: string): Problem {
  return { code: 'config.syntax', message };
}

function syntaxProblem(error: YAMLError, text: string): Problem {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^:\s]*/.exec(text.slice(error.pos[0]))![0];
      return { code: 'config.duplicateKey', message: `\`${key}\` is given twice` };
    }
    case 'TAB_AS_INDENT':
      return syntax('YAML cannot be indented with tabs; use spaces');
    case 'MULTIPLE_DOCS':
      return syntax('only one document is allowed in a file; remove what follows `---`');
    default: {
      const bracket = /^Flow .* end with a ([\]}])/.exec(error.message)?.[1];
      if (bracket === undefined) return syntax(`not valid YAML: ${error.message}`);
      const opening = bracket === ']' ? '[' : '{';
      return syntax(`not valid YAML: \`${opening}\` is not closed with \`${bracket}\` before this`);
    }
  }
}

function locate(yaml: Document, text: string, path: ConfigPath, where: 'key' | 'value'): Range {
  let node: Node | null = yaml.contents;
  let key: Node | null = null;
  for (const [depth, step] of path.entries()) {
    const child = childOf(yaml, node, step);
    if (child === null) return rangeOf(node, key, text, 'value');
    key = child.key ?? (depth === path.length - 1 ? null : key);
    node = child.value;
    if (typeof step === 'number') key = null;
  }
  return rangeOf(node, key, text, where);
}

interface Child {
  readonly key: Node | null;
  readonly value: Node | null;
}

function childOf(yaml: Document, parent: Node | null, step: string | number): Child | null {
  const node = isAlias(parent) ? (parent.resolve(yaml) ?? null) : parent;
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return isNode(item) ? { key: null, value: item } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  if (pair === undefined) return null;
  return { key: pair.key as Node, value: isNode(pair.value) ? pair.value : null };
}

function rangeOf(node: Node | null, key: Node | null, text: string, where: 'key' | 'value'): Range {
  const value = node?.range;
  const keyRange = key?.range;
  if (keyRange && (where === 'key' || !value || isLong(node, text)))
    return [keyRange[0], keyRange[1]];
  if (!value) return [0, 0];
  return [value[0], Math.min(value[1], lineEnd(text, value[0]))];
}

/** A collection of several lines: marking all of it would hide the rest of the file. */
function isLong(node: Node | null, text: string): boolean {
  if (!isCollection(node) || !node.range) return false;
  return node.range[1] > lineEnd(text, node.range[0]);
}

function lineEnd(text: string, offset: number): number {
  const end = text.slice(offset).search(/\r?\n/);
  return end < 0 ? text.length : offset + end;
}
