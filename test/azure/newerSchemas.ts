/** Bodies at versions that are newer than the full specification, held to the published JSON Schemas of templates. */
import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';

const folder = path.resolve(import.meta.dirname, '../../../shared/azure-specs/arm-schemas');

type Node = Record<string, unknown>;

/** Of an instance; empty where nothing is newer, or where the schemas are not on this machine. */
export function newerProblems(body: object, apiVersion: string | null): readonly string[] {
  if (apiVersion === null) return [];
  const file = path.join(folder, `ml-${apiVersion}.json`);
  if (!fs.existsSync(file)) return [];
  const { definitions } = JSON.parse(fs.readFileSync(file, 'utf8')) as { definitions: Node };
  const plain = withoutExpressions(definitions) as Node;
  const ajv = new Ajv({ strict: false });
  ajv.addSchema({ $id: 'newer', definitions: plain });
  const check = ajv.compile({ $ref: 'newer#/definitions/ComputeInstanceProperties' });
  const { properties } = body as { properties: { properties: Node } };
  const known = (plain['ComputeInstanceProperties'] as { properties: Node }).properties;
  const unknown = Object.keys(properties.properties).filter((key) => !(key in known));
  check(properties.properties);
  const wrong = (check.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath} ${message}`,
  );
  return [...unknown.map((key) => `${key} is unknown`), ...wrong];
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
