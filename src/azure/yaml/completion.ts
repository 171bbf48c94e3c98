/** What may be written at a place of a compute's YAML: keys that are not there yet, or the words of a value. */
import * as z from 'zod';
import { say } from '../../shared/language.ts';
import { knownKeys, schemaAt } from '../../shared/model/schemaWalk.ts';
import type { ComputeKind } from './computeKind.ts';
import { computeKinds, kindOfDocument } from './kinds.ts';

export interface Suggestion {
  /** A key, or a value. */
  readonly label: string;
  readonly kind: 'key' | 'value';
  /** A sentence; may be empty. */
  readonly description: string;
}

/** @param lines of the whole text @param line counted from 0 @param column of the cursor, counted from 0 */
export function suggestionsAt(
  lines: readonly string[],
  line: number,
  column: number,
): readonly Suggestion[] {
  const before = (lines[line] ?? '').slice(0, column);
  const value = /^\s*(?:- )*([\w$]+):\s+\S*$/.exec(before);
  const kind = kindOfDocument(topLevel(lines));
  if (value !== null) {
    const path = [...pathAbove(lines, line, indentOf(before)), value[1]!];
    return valueSuggestions(kind, path);
  }
  if (!/^\s*(?:- )*[\w$]*$/.test(before)) return [];
  const path = pathAbove(lines, line, indentOf(before));
  if (kind === null) return path.length === 0 ? [typeSuggestion()] : [];
  const known = knownKeys(schemaAt(kind.schema, path, topLevel(lines)));
  const there = keysBeside(lines, line, indentOf(before));
  return known
    .filter((key) => !there.includes(key))
    .map((key) => ({ label: key, kind: 'key', description: describe(kind, [...path, key]) }));
}

/** Is this a compute's YAML? Cheap enough to ask of every YAML file. */
export function looksLikeCompute(text: string): boolean {
  if (
    /^\$schema:.*\/(amlCompute|computeInstance|vmCompute|kubernetesCompute|synapsesparkCompute)\./im.test(
      text,
    )
  ) {
    return true;
  }
  const type = /^type:\s*["']?([\w-]+)/m.exec(text)?.[1]?.toLowerCase().replaceAll(/[_-]/g, '');
  return computeKinds.some((kind) => kind.type === type);
}

function valueSuggestions(
  kind: ComputeKind | null,
  path: readonly (string | number)[],
): readonly Suggestion[] {
  if (path.length === 1 && path[0] === 'type') {
    return computeKinds.map(({ computeType, type }) => ({
      label: type,
      kind: 'value',
      description: computeType,
    }));
  }
  const part = kind === null ? null : schemaAt(kind.schema, path, undefined);
  if (kind === null || part === null) return [];
  return wordsOf(part.schema).map((label) => ({
    label,
    kind: 'value',
    description: describe(kind, path),
  }));
}

function wordsOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodBoolean ? ['true', 'false'] : [];
}

function typeSuggestion(): Suggestion {
  return { label: 'type', kind: 'key', description: say('The kind of compute.') };
}

function describe({ schema }: ComputeKind, path: readonly (string | number)[]): string {
  return say(schemaAt(schema, path, undefined)?.description ?? '');
}

/** `- ` counts as indentation, as it does for YAML. */
function indentOf(line: string): number {
  return /^\s*(?:- )*/.exec(line)?.[0].length ?? 0;
}

const keyPattern = /^(\s*(?:- )*)([\w$]+):/;

/** Keys on the way to a line that is indented so far. */
function pathAbove(
  lines: readonly string[],
  line: number,
  indent: number,
): readonly (string | number)[] {
  const path: (string | number)[] = [];
  let least = indent;
  if (/^\s*- /.test(lines[line] ?? '')) path.unshift(0);
  for (let at = line - 1; at >= 0 && least > 0; at--) {
    const match = keyPattern.exec(lines[at] ?? '');
    if (match === null) continue;
    const own = match[1]!.length;
    const dash = match[1]!.includes('-') ? match[1]!.indexOf('-') : own;
    if (own === least && dash < own) {
      path.unshift(0); // the first key of the same item
      least = dash + 1;
    } else if (own < least) {
      path.unshift(match[2]!);
      least = own;
      if (dash < own) {
        path.unshift(0);
        least = dash + 1;
      }
    }
  }
  return path;
}

/** Keys of the same object that are written already. */
function keysBeside(lines: readonly string[], line: number, indent: number): readonly string[] {
  const keys: string[] = [];
  const look = (step: 1 | -1) => {
    for (let at = line + step; at >= 0 && at < lines.length; at += step) {
      const match = keyPattern.exec(lines[at] ?? '');
      if (match === null) continue;
      const own = match[1]!.length;
      if (own < indent) return;
      if (own === indent) keys.push(match[2]!);
      if (match[1]!.includes('-')) return;
    }
  };
  look(-1);
  look(1);
  return keys;
}

/** Keys and plain values that begin a line: enough to tell the kind while the rest is being typed. */
function topLevel(lines: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    lines.flatMap((text) => {
      const match = /^([\w$]+):\s*["']?([^"'#]*)/.exec(text);
      return match === null
        ? []
        : [[match[1]!, match[2]!.trim() === '' ? undefined : match[2]!.trim()]];
    }),
  );
}
