/** Looks into the schema: which keys are known where, and what they mean. */
import * as z from 'zod';
import { pathText, type ConfigPath } from './configPath.ts';
import { isRecord } from './schemaKit.ts';

/** The inner schema and the description nearest to the outside. */
export interface SchemaPart {
  readonly schema: z.core.$ZodType;
  readonly description: string | undefined;
}

/** The schema at a path; `value` is what the config has there, to choose among the types of a family. */
export function schemaAt(
  root: z.core.$ZodType,
  path: ConfigPath,
  value: unknown,
): SchemaPart | null {
  let part = unwrap(root);
  let current = value;
  for (const step of path) {
    const next = childSchema(part.schema, step, current);
    if (next === null) return null;
    current = isRecord(current) || Array.isArray(current) ? Reflect.get(current, step) : undefined;
    part = unwrap(next);
  }
  if (!(part.schema instanceof z.ZodDiscriminatedUnion)) return part;
  const member = memberOf(part.schema, current);
  return member === null ? part : { ...part, schema: member };
}

export function knownKeys(part: SchemaPart | null): readonly string[] {
  return part?.schema instanceof z.ZodObject ? Object.keys(part.schema.shape) : [];
}

/** Where in the schema a key belongs: `training.optimizer`; null if nowhere, or in several places. */
export function homeOf(root: z.core.$ZodType, key: string): string | null {
  const homes = new Set<string>();
  collectHomes(unwrap(root).schema, { key, path: [], homes });
  return homes.size === 1 ? [...homes][0]! : null;
}

interface Search {
  readonly key: string;
  readonly path: ConfigPath;
  readonly homes: Set<string>;
}

function collectHomes(schema: z.core.$ZodType, search: Search): void {
  const { key, path, homes } = search;
  const into = (inner: z.core.$ZodType, step: string | number): void =>
    collectHomes(unwrap(inner).schema, { ...search, path: [...path, step] });
  if (schema instanceof z.ZodArray) into(schema.element, 0);
  else if (schema instanceof z.ZodDiscriminatedUnion) {
    for (const option of schema.options) collectHomes(option, search);
  } else if (schema instanceof z.ZodObject) {
    if (Object.hasOwn(schema.shape, key)) homes.add(pathText(path).replaceAll('[0]', '[]'));
    for (const [name, inner] of Object.entries(schema.shape)) into(inner as z.ZodType, name);
  }
}

function childSchema(
  schema: z.core.$ZodType,
  step: string | number,
  value: unknown,
): z.core.$ZodType | null {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const member = memberOf(schema, value);
    return member === null ? null : childSchema(member, step, value);
  }
  if (schema instanceof z.ZodObject && Object.hasOwn(schema.shape, step)) {
    return schema.shape[step] as z.ZodType;
  }
  return null;
}

/** The member of a family whose name `value` bears. */
function memberOf(union: z.ZodDiscriminatedUnion, value: unknown): z.ZodObject | null {
  const { discriminator } = union.def;
  const name = isRecord(value) ? value[discriminator] : value;
  const members = union.options as readonly z.ZodObject[];
  const named = (member: z.ZodObject) => member.shape[discriminator] as z.ZodLiteral | z.ZodEnum;
  const bears = (member: z.ZodObject): boolean => {
    const schema = named(member);
    const names: unknown[] = schema instanceof z.ZodEnum ? schema.options : [...schema.values];
    const aliases = schema.meta()?.['aliases'];
    return names.includes(name) || (Array.isArray(aliases) && aliases.includes(name));
  };
  // Left out where it follows from other keys: the commonest member comes first then.
  const first = members[0];
  const isImplied = name === undefined && first && named(first).meta()?.['implied'] === true;
  return members.find(bears) ?? (isImplied ? first : null);
}

/** Takes off defaults, `nullable` and conversions. */
function unwrap(outer: z.core.$ZodType): SchemaPart {
  let schema = outer;
  let description: string | undefined;
  for (;;) {
    description ??= z.globalRegistry.get(schema)?.description;
    if (
      schema instanceof z.ZodDefault ||
      schema instanceof z.ZodPrefault ||
      schema instanceof z.ZodOptional ||
      schema instanceof z.ZodNullable
    ) {
      schema = schema.def.innerType;
    } else if (schema instanceof z.ZodPipe) {
      const conversionFirst = schema.def.in instanceof z.ZodTransform;
      schema = conversionFirst ? schema.def.out : schema.def.in;
    } else {
      return { schema, description };
    }
  }
}
