/** Where in the text a path of the config is written. */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Document,
  type Node,
} from 'yaml';
import type { Range } from './configDocument.ts';
import type { ConfigPath } from './configPath.ts';

export function locate(
  yaml: Document,
  text: string,
  path: ConfigPath,
  where: 'key' | 'value',
): Range {
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
