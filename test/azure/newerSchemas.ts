/**
 * Computes at versions that are newer than the full specification: held to the published JSON Schemas of templates, which
 * describe what is sent. Answers have more than that, so of them only what can be sent is checked here.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';

const folder = path.resolve(import.meta.dirname, '../../../shared/azure-specs/arm-schemas');

type Node = Record<string, unknown>;

/** Versions before this one have a full specification. */
export const specifiedVersion = '2024-04-01';

export interface Body {
  /** `2025-12-01` */
  readonly apiVersion: string;
  readonly body: unknown;
  /** An answer has read-only fields too. */
  readonly side: 'request' | 'answer';
}

/** What is wrong with a compute; empty too where the schemas are not on this machine. */
export function newerProblems({ apiVersion, body, side }: Body): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  const { computeType } = (body as { properties?: { computeType?: string } }).properties ?? {};
  const definitions = definitionsOf(apiVersion);
  if (definitions === null) return [`no schema of ${apiVersion}`];
  if (computeType === undefined || !(computeType in definitions)) {
    return [`no schema of ${computeType ?? 'nothing'}`];
  }
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema({
    $id: 'newer',
    definitions: side === 'request' ? closed(definitions) : definitions,
  });
  const check = ajv.compile(resource(definitions, computeType, side));
  check(body);
  return (check.errors ?? []).map(
    ({ instancePath, message = '', params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The same body as the specification knows it: without what has come since. */
export function withoutNewer(apiVersion: string, body: unknown): unknown {
  const keysOf = (version: string) =>
    Object.keys(
      ((definitionsOf(version) ?? {})['ComputeInstanceProperties'] as Node)['properties'] as Node,
    );
  const known = new Set(keysOf(specifiedVersion));
  const newer = keysOf(apiVersion).filter((key) => !known.has(key));
  const { properties } = (body ?? {}) as { properties?: { properties?: Node } };
  if (properties?.properties === undefined) return body;
  const own = Object.entries(properties.properties).filter(([key]) => !newer.includes(key));
  return {
    ...(body as object),
    properties: { ...properties, properties: Object.fromEntries(own) },
  };
}

/** As a template has it, without what only templates have. */
function resource(definitions: Node, computeType: string, side: Body['side']): Node {
  const [base] = (definitions['Compute'] as { allOf: readonly Node[] }).allOf;
  const kind = definitions[computeType] as Node;
  const rest = side === 'request' ? { additionalProperties: false } : {};
  const own = { ...(base?.['properties'] as Node), ...(kind['properties'] as Node) };
  const ref = (name: string) => ({ $ref: `newer#/definitions/${name}` });
  return {
    type: 'object',
    properties: {
      identity: ref('ManagedServiceIdentity'),
      location: { type: 'string' },
      sku: ref('Sku'),
      tags: { type: 'object', additionalProperties: { type: 'string' } },
      properties: { type: 'object', properties: absolute(own), required: ['computeType'], ...rest },
    },
    required: side === 'request' ? ['properties'] : ['id', 'name', 'type', 'properties'],
    ...rest,
  };
}

/** References within the file, from outside of it. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' ? `newer${String(item)}` : absolute(item),
    ]),
  );
}

/** Objects with named properties take no others. */
function closed(definitions: Node): Node {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      const own = definition as Node;
      const isPlain = 'properties' in own && !('additionalProperties' in own) && !('allOf' in own);
      return [name, isPlain ? { ...own, additionalProperties: false } : own];
    }),
  );
}

const known = new Map<string, Node | null>();

function definitionsOf(apiVersion: string): Node | null {
  const before = known.get(apiVersion);
  if (before !== undefined) return before;
  const file = path.join(folder, `ml-${apiVersion}.json`);
  const read = () => {
    const { definitions } = JSON.parse(fs.readFileSync(file, 'utf8')) as { definitions: Node };
    return withoutExpressions(definitions) as Node;
  };
  const definitions = fs.existsSync(file) ? read() : null;
  known.set(apiVersion, definitions);
  return definitions;
}

/** Templates may have an expression in place of any value; requests may not. */
function withoutExpressions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExpressions);
  if (typeof value !== 'object' || value === null) return value;
  const { oneOf, ...rest } = value as Node;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, item]) => [key, withoutExpressions(item)]),
  );
  if (!Array.isArray(oneOf)) return inner;
  const real = (oneOf as Node[]).filter(({ $ref }) => !String($ref).endsWith('/expression'));
  const kept = real.map(withoutExpressions);
  return kept.length === 1 ? { ...inner, ...(kept[0] as Node) } : { ...inner, oneOf: kept };
}
