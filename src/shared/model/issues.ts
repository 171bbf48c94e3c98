/** Puts what the schema finds wrong into words: what was expected, what was found, what to do. */
import * as z from 'zod';
import { say } from '../language.ts';
import type { Problem } from './configDocument.ts';
import { pathText, valueAt, type ConfigPath } from './configPath.ts';
import { isPlanned } from './planned.ts';
import { isRecord } from './schemaKit.ts';
import { homeOf, knownKeys, schemaAt } from './schemaWalk.ts';
import { kerasWord, listed, suggest, suggestion } from './suggest.ts';

export interface PlacedProblem {
  readonly path: ConfigPath;
  readonly where: 'key' | 'value';
  readonly problem: Problem;
}

/** Of a value that others speak against. */
export function conflict(path: ConfigPath, message: string, hint: string): PlacedProblem {
  return { path, where: 'value', problem: { code: 'config.conflict', message, hint } };
}

type Issue = z.core.$ZodIssue;

/** One problem for each mistake in `value`. */
export function describeIssues(
  schema: z.core.$ZodType,
  value: unknown,
  issues: readonly Issue[],
): PlacedProblem[] {
  const problems = issues.flatMap((issue) => describeIssue({ schema, value, issue }));
  return problems.filter((placed) => !followsFromPlanned(placed, problems));
}

/** `features` is missing beside `format: cifar10` only because that format is not there yet. */
function followsFromPlanned(placed: PlacedProblem, all: readonly PlacedProblem[]): boolean {
  if (placed.problem.code !== 'config.missingKey' || placed.path.length === 1) return false;
  const parent = (path: ConfigPath) => pathText(path.slice(0, -1));
  const isCause = ({ problem, path, where }: PlacedProblem) =>
    problem.code === 'config.notImplemented' &&
    where === 'value' &&
    parent(path) === parent(placed.path);
  return all.some(isCause);
}

interface Context<I extends Issue = Issue> {
  readonly schema: z.core.$ZodType;
  /** The whole config as written. */
  readonly value: unknown;
  readonly issue: I;
}

function describeIssue({ schema, value, issue }: Context): PlacedProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey({ schema, value, issue }, key));
  }
  const { path, found } = locate(issue, value);
  const context = { schema, value, issue };
  const place = (problem: Problem): PlacedProblem[] => [{ path, where: 'value', problem }];
  if (found === undefined) return place(missingKey(context, path));
  const word = plannedWord(path, found);
  if (word !== null) return place(notImplemented(word));
  if (found === null) return place(noValue(path, expectation(context, path)));
  return place(wrongValue(context, path, found));
}

interface Located {
  readonly path: ConfigPath;
  /** Undefined if the config has nothing there. */
  readonly found: unknown;
}

/** Where an issue is in the config as written: a short form is checked as the object it stands for. */
function locate(issue: Issue, root: unknown): Located {
  const path = toPath(issue.path);
  const parentPath = path.slice(0, -1);
  const found = valueAt(root, path);
  const parent = valueAt(root, parentPath);
  if (found !== undefined || typeof parent === 'object' || parent === undefined)
    return { path, found };
  if (path.at(-1) === 'type') return { path, found: parent };
  return issue.input === undefined ? { path, found } : { path: parentPath, found: issue.input };
}

function toPath(path: readonly PropertyKey[]): ConfigPath {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

/** A word itself, the type of an object, or one of its keys: `model: {layers: ...}` where a list is due. */
function plannedWord(path: ConfigPath, found: unknown): string | null {
  const words = isRecord(found) ? [found['type'], ...Object.keys(found)] : [found];
  const isWord = (word: unknown) => typeof word === 'string' && isPlanned(path, word);
  return (words.find(isWord) as string | undefined) ?? null;
}

function notImplemented(word: string): Problem {
  return {
    code: 'config.notImplemented',
    message: say`\`${word}\` is planned but not implemented yet`,
  };
}

function unknownKey(context: Context, key: string): PlacedProblem {
  const parent = toPath(context.issue.path);
  const path = [...parent, key];
  if (isPlanned(parent, key)) return { path, where: 'key', problem: notImplemented(key) };
  const known = knownKeys(schemaAt(context.schema, parent, context.value));
  const message = say`unknown key \`${key}\` in ${objectName(parent, context.value)}`;
  const hint = keyHint(context.schema, path, known);
  return { path, where: 'key', problem: { code: 'config.unknownKey', message, hint } };
}

function keyHint(schema: z.core.$ZodType, path: ConfigPath, known: readonly string[]): string {
  const key = String(path.at(-1));
  const near = suggest(key, known);
  if (near !== null) return say`did you mean \`${near}\`?`;
  const word = kerasWord(key);
  const home = homeOf(schema, word);
  if (home === '') return say`\`${word}\` belongs at the top level`;
  // Of a key that another type or format has at this place, what is known here helps more.
  if (home !== null && home !== pathText(path.slice(0, -1)))
    return say`\`${word}\` belongs in \`${home}\``;
  return say`known here: ${listed(known)}`;
}

function missingKey(context: Context, path: ConfigPath): Problem {
  const { schema, value, issue } = context;
  const expected = expectation(context, path);
  const owner = objectName(path.slice(0, -1), value);
  const needs = say`${owner} needs \`${String(path.at(-1))}\``;
  const message = expected === null ? needs : `${needs}: ${expected}`;
  const hint =
    'options' in issue
      ? typesHint(issue.options.map(String), valueAt(value, path.slice(0, -1)))
      : say(schemaAt(schema, path, value)?.description ?? '');
  return { code: 'config.missingKey', message, ...(hint === '' ? {} : { hint }) };
}

/** `- Dense: {units: 3}` is a natural way to write it, but not the one understood here. */
function typesHint(types: readonly string[], owner: unknown): string {
  const keys = isRecord(owner) ? Object.keys(owner) : [];
  const name = keys.find((key) => types.includes(key));
  return name === undefined ? say`one of ${listed(types)}` : say`write \`{type: ${name}, ...}\``;
}

/** `training.optimizer`, `model[1] (Dense)`, or what to call the whole. */
function objectName(path: ConfigPath, root: unknown): string {
  if (path.length === 0) return say('the config');
  const value = valueAt(root, path);
  const type = typeof value === 'string' ? value : isRecord(value) ? value['type'] : undefined;
  const name = `\`${pathText(path)}\``;
  return typeof type === 'string' ? `${name} (${type})` : name;
}

function noValue(path: ConfigPath, expected: string | null): Problem {
  const code = 'config.wrongType';
  if (path.length === 0) {
    const hint = say('a config has at least `task`, `data`, `model` and `training`');
    return { code, message: say('the file is empty'), hint };
  }
  const message =
    expected === null
      ? say`${subject(path)} has no value`
      : say`${subject(path)} has no value; expected ${expected}`;
  return { code, message, hint: say('give a value, or remove the key') };
}

function wrongValue(context: Context, path: ConfigPath, found: unknown): Problem {
  const { issue } = context;
  const expected = expectation(context, path) ?? issue.message;
  const message = say`${subject(path)} expects ${expected}, found ${foundText(found)}`;
  switch (issue.code) {
    case 'invalid_value':
      return { code: 'config.unknownValue', message, ...valueHint(issue.values, found) };
    case 'invalid_union':
      if (issue.discriminator !== undefined) return unknownType(issue, path, found);
      return { code: 'config.wrongType', message };
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
      return { code: 'config.outOfRange', message };
    case 'custom':
      return { code: 'config.conflict', message: issue.message };
    default:
      return { code: 'config.wrongType', message, ...typeHint(wantedType(context, path), found) };
  }
}

function unknownType(
  issue: z.core.$ZodIssueInvalidUnion,
  path: ConfigPath,
  found: unknown,
): Problem {
  const options = 'options' in issue ? issue.options.map(String) : [];
  if (typeof found !== 'string') {
    const message = say`${subject(path)} expects a name, found ${foundText(found)}`;
    return { code: 'config.wrongType', message, hint: say`one of ${listed(options)}` };
  }
  const message = say`unknown type \`${found}\` in \`${pathText(path.slice(0, -1))}\``;
  return { code: 'config.unknownValue', message, hint: suggestion(found, options) };
}

function subject(path: ConfigPath): string {
  return path.length === 0 ? say('the config') : `\`${pathText(path)}\``;
}

/** What would be right: `a whole number`, `at least 1`. */
function expectation(context: Context, path: ConfigPath): string | null {
  const type = wantedType(context, path);
  return type === null ? issueExpectation(context.issue) : typeName(type);
}

/** `int`, `array`: null where it is not the type that is wrong. */
function wantedType({ schema, value, issue }: Context, path: ConfigPath): string | null {
  if (issue.code !== 'invalid_type') return null;
  // What is no number at all is not said to be no whole number.
  const wanted = schemaAt(schema, path, value)?.schema;
  return wanted instanceof z.ZodNumberFormat ? 'int' : issue.expected;
}

function issueExpectation(issue: Issue): string | null {
  switch (issue.code) {
    case 'invalid_type':
      return typeName(issue.expected);
    case 'invalid_value':
      return issue.values.length === 1 ? listed(issue.values) : say`one of ${listed(issue.values)}`;
    case 'too_small': {
      const limit = amount(issue.origin, issue.minimum);
      return issue.inclusive === false ? say`more than ${limit}` : say`at least ${limit}`;
    }
    case 'too_big': {
      const limit = amount(issue.origin, issue.maximum);
      return issue.inclusive === false ? say`less than ${limit}` : say`at most ${limit}`;
    }
    case 'invalid_union':
      return unionExpectation(issue);
    default:
      return null;
  }
}

function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    array: say('a list'),
    boolean: say('`true` or `false`'),
    int: say('a whole number'),
    null: say('nothing'),
    number: say('a number'),
    object: say('keys with values'),
    record: say('keys with values'),
    string: say('text'),
    tuple: say('a list'),
  };
  return names[type] ?? type;
}

/** `1 character`, `3 items`, or just the number. */
function amount(origin: string, limit: number | bigint): string {
  const one = Number(limit) === 1;
  if (origin === 'string') return one ? say('1 character') : say`${String(limit)} characters`;
  if (origin === 'array') return one ? say('1 item') : say`${String(limit)} items`;
  return String(limit);
}

/** Of a union without `type`: a mistake inside the alternative that was meant, else all alternatives. */
function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string | null {
  const branches = issue.errors.map((errors) => errors[0]).filter((first) => first !== undefined);
  const meant = branches.find(({ code }) => code === 'too_small' || code === 'too_big');
  if (meant !== undefined) return issueExpectation(meant);
  const alternatives = branches.map(issueExpectation).filter((text) => text !== null);
  return alternatives.length === 0 ? null : [...new Set(alternatives)].join(` ${say('or')} `);
}

/** `text "abc"`, `3`, `a list`. */
export function foundText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? say('an empty list') : say('a list');
  if (isRecord(value)) return say('keys with values');
  if (typeof value !== 'string') return String(value);
  if (value === '') return say('empty text');
  return say`text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value)}`;
}

function valueHint(values: readonly unknown[], found: unknown): { hint?: string } {
  const words = values.filter((value) => typeof value === 'string');
  const near = typeof found === 'string' ? suggest(found, words) : null;
  return near === null ? {} : { hint: say`did you mean \`${near}\`?` };
}

function typeHint(expected: string | null, found: unknown): { hint?: string } {
  if ((expected === 'array' || expected === 'tuple') && !isRecord(found)) {
    return { hint: say('put it in brackets: `[...]`') };
  }
  if (typeof found !== 'string') return {};
  if (expected === 'boolean') return booleanHint(found);
  const plain = found
    .trim()
    .replace(/_/g, '')
    .replace(/^([-+]?\d+),(\d+)$/, '$1.$2');
  const isNumber = plain !== '' && Number.isFinite(Number(plain));
  const numberWanted = expected === 'int' || expected === 'number';
  return numberWanted && isNumber ? { hint: say`write \`${plain}\`` } : {};
}

/** YAML 1.1 had more words for true and false. */
function booleanHint(found: string): { hint?: string } {
  if (/^(?:yes|on|y|true)$/i.test(found)) return { hint: say('write `true`') };
  return /^(?:no|off|n|false)$/i.test(found) ? { hint: say('write `false`') } : {};
}
