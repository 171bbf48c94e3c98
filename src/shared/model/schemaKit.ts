/**
 * Building blocks of the config schema. The schema is the one source of the TypeScript types, of validation, of the
 * JSON Schema for editors and of the reference page, so every key is described here and nowhere else.
 */
import * as z from 'zod';

/** The two families of defaults: what Keras does and what PyTorch does where they differ. */
export type Conventions = 'keras' | 'pytorch';

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** Notes that travel into the JSON Schema and are worked out there (`build/jsonSchema.ts`). */
export interface SchemaNotes {
  /** Other spellings of a type name that mean the same. */
  readonly aliases?: readonly string[];
  /** May also be written short: as the value of the key named here, if no other key is required. */
  readonly shortForm?: string;
  /** May also be written as an object with this one key. */
  readonly alsoForm?: string;
  /** Where it is left out it follows from another key. */
  readonly implied?: boolean;
}

/** One member of a `{type, ...args}` family. Other spellings of its name are read as the name itself. */
export function kind<const Name extends string, Shape extends z.ZodRawShape>(
  name: Name,
  description: string,
  shape: Shape,
  aliases: readonly string[] = [],
) {
  const type = z.literal(name).meta({ aliases } satisfies SchemaNotes);
  return z.strictObject({ type, ...shape }).describe(description);
}

/** A value of a family: an object with `type`, or the bare name when no other key is needed. */
export function oneOf<const Kinds extends readonly [z.ZodObject, ...z.ZodObject[]]>(kinds: Kinds) {
  const canonical = new Map<string, string>(kinds.flatMap(spellings));
  const expand = (value: unknown): unknown => {
    if (typeof value === 'string') return { type: canonical.get(value) ?? value };
    if (!isRecord(value) || typeof value['type'] !== 'string') return value;
    return { ...value, type: canonical.get(value['type']) ?? value['type'] };
  };
  return z
    .preprocess(expand, z.discriminatedUnion('type', kinds))
    .meta({ shortForm: 'type' } satisfies SchemaNotes);
}

/** An object that may be written as the value of its one important key: `seed: 0` for `seed: {value: 0}`. */
export function shorthand<Schema extends z.ZodObject>(
  key: string & keyof z.infer<Schema>,
  type: 'number' | 'string',
  schema: Schema,
) {
  const expand = (value: unknown): unknown => (typeof value === type ? { [key]: value } : value);
  return z.preprocess(expand, schema).meta({ shortForm: key } satisfies SchemaNotes);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function spellings(member: z.ZodObject): [string, string][] {
  const type = member.shape['type'] as z.ZodLiteral<string>;
  const { aliases = [] } = (type.meta() ?? {}) as SchemaNotes;
  return [type.value, ...aliases].map((name) => [name, type.value]);
}

export const positiveInteger = () => z.int().min(1);
export const naturalNumber = () => z.int().min(0);
export const positiveNumber = () => z.number().gt(0);
export const nonNegativeNumber = () => z.number().min(0);
/** 0 <= x < 1: what may be dropped, decayed or averaged away without losing everything. */
export const fraction = () => z.number().min(0).lt(1);
