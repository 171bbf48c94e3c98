/**
 * The JSON Schema of the config language, for completion and checks in editors. It comes from the one schema in
 * `shared/model`; here only the short forms are written out and the defaults of PyTorch noted.
 */
import * as z from 'zod';
import { say } from '../shared/language.ts';
import type { Conventions } from '../shared/model/schemaKit.ts';
import { trainConfigSchema } from '../shared/model/trainConfig.ts';

/** The part of JSON Schema (draft 7) that the config language uses. */
export interface SchemaNode {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

/** As zod gives it, with our notes (SchemaNotes) in it. */
interface RawNode extends Omit<
  SchemaNode,
  'anyOf' | 'items' | 'properties' | 'additionalProperties'
> {
  readonly properties?: Readonly<Record<string, RawNode>>;
  readonly additionalProperties?: boolean | RawNode;
  /** Several of a tuple; ours are alike. */
  readonly items?: RawNode | readonly RawNode[];
  readonly anyOf?: readonly RawNode[];
  readonly oneOf?: readonly RawNode[];
  readonly aliases?: readonly string[];
  readonly shortForm?: string;
  readonly alsoForm?: string;
  readonly implied?: boolean;
}

/** Its descriptions are in the language of the process. */
export function configJsonSchema(): SchemaNode {
  const keras = fromZod('keras');
  const { $schema, ...rest } = noteOtherDefaults(keras, fromZod('pytorch'));
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: say('Trainbench config'),
    ...rest,
  };
}

function fromZod(conventions: Conventions): SchemaNode {
  return schemaNode(trainConfigSchema(conventions));
}

/** As written by users, before defaults. Descriptions are in the language of the process. */
export function schemaNode(schema: z.ZodType): SchemaNode {
  const options = { io: 'input', target: 'draft-7' } as const;
  return tidy(z.toJSONSchema(schema, options) as RawNode);
}

function tidy(raw: RawNode): SchemaNode {
  const { oneOf, anyOf = oneOf, properties, additionalProperties, ...own } = raw;
  const { aliases = [], shortForm, alsoForm, maximum, const: constant, ...inner } = own;
  const { items: given, ...rest } = inner;
  const items = Array.isArray(given) ? (given as readonly RawNode[])[0] : (given as RawNode);
  const plain = withoutImplied(inWords(rest), properties);
  const node: SchemaNode = {
    ...plain,
    ...(aliases.length > 0 ? { enum: [constant, ...aliases] } : {}),
    ...(aliases.length === 0 && constant !== undefined ? { const: constant } : {}),
    // Whole numbers beyond 2^53 are not worth a word.
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
    ...(properties && { properties: mapValues(properties, tidy) }),
    ...(items && { items: tidy(items) }),
    ...(anyOf && { anyOf: anyOf.map(tidy) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object'
          ? tidy(additionalProperties)
          : additionalProperties,
    }),
  };
  const short = shortForm === undefined ? node : withShortForm(node, shortForm);
  return alsoForm === undefined ? short : withOneKeyForm(short, alsoForm);
}

function inWords<Node extends SchemaNode>(node: Node): Node {
  return node.description === undefined ? node : { ...node, description: say(node.description) };
}

/** What follows from other keys need not be there. */
function withoutImplied(
  { implied, ...node }: Pick<RawNode, 'implied'> & SchemaNode,
  properties: RawNode['properties'],
): SchemaNode {
  if (implied === true || node.required === undefined) return node;
  return { ...node, required: node.required.filter((key) => properties?.[key]?.implied !== true) };
}

/** Adds the value of one key as another way to write the object. */
function withShortForm(node: SchemaNode, key: string): SchemaNode {
  const { description, anyOf, ...alone } = node;
  const documented = description === undefined ? {} : { description };
  if (anyOf !== undefined && key !== 'type') return withBareValue(node, key);
  if (anyOf !== undefined) {
    const shortDefault = shortened(alone.default, key);
    const rest = 'default' in alone ? { ...alone, default: shortDefault } : alone;
    return { ...documented, ...rest, anyOf: [bareNames(anyOf), ...anyOf] };
  }
  const { default: preset, ...object } = alone;
  const value = object.properties?.[key] ?? {};
  return {
    ...documented,
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [value, object],
  };
}

/** Of a family one member is only ever written as its value: a number beside schedules. */
function withBareValue({ anyOf = [], ...node }: SchemaNode, key: string): SchemaNode {
  const bare = anyOf.find(({ properties }) => properties?.[key] !== undefined);
  const value = bare?.properties?.[key] ?? {};
  return { ...node, anyOf: [value, ...anyOf.filter((member) => member !== bare)] };
}

/** `{type: relu}` is better shown as `relu`. */
function shortened(value: unknown, key: string): unknown {
  const isObject = typeof value === 'object' && value !== null;
  const single = isObject && Object.keys(value).join() === key;
  return single ? (value as Record<string, unknown>)[key] : value;
}

/** The names of those types that need nothing but their name. */
function bareNames(members: readonly SchemaNode[]): SchemaNode {
  const bare = members.filter((member) => member.required?.join() === 'type');
  const names = bare.flatMap((member) =>
    typeNames(member).map((name) => [name, member.description ?? ''] as const),
  );
  return {
    type: 'string',
    enum: names.map(([name]) => name),
    enumDescriptions: names.map(([, description]) => description),
  };
}

/** The name of a member of a family (of data: their format), and what else it may be called. */
export function typeNames(member: SchemaNode): readonly string[] {
  const type = member.properties?.['type'] ?? member.properties?.['format'];
  return (type?.enum ?? [type?.const]).map(String);
}

/** `{constant: 0}` for `{type: constant, value: 0}`. */
function withOneKeyForm(node: SchemaNode, name: string): SchemaNode {
  if (node.type === 'array') return withKeyedList(node, name);
  const members = node.anyOf ?? [];
  const member = members.find((m) => m.properties?.['type']?.const === name);
  const value = member?.properties?.['value'] ?? {};
  const properties = { [name]: value };
  const short = { type: 'object', properties, required: [name], additionalProperties: false };
  return { ...node, anyOf: [...members, short] };
}

/** `{layers: [...]}` for the list of `model` itself. */
function withKeyedList({ description, ...list }: SchemaNode, name: string): SchemaNode {
  const described = description === undefined ? {} : { description };
  const properties = { [name]: { ...described, $ref: '#/properties/model/anyOf/0' } };
  const keyed = { type: 'object', properties, required: [name], additionalProperties: false };
  return { ...described, anyOf: [list, keyed] };
}

/** Both trees have the same form; where a default differs the description says so. */
function noteOtherDefaults(node: SchemaNode, other: SchemaNode): SchemaNode {
  const differs = JSON.stringify(node.default) !== JSON.stringify(other.default);
  const note = say`With \`conventions: pytorch\` by default ${plainText(other.default)}.`;
  return {
    ...node,
    ...(differs && { description: `${node.description ?? ''} ${note}`.trim() }),
    ...(node.items && other.items && { items: noteOtherDefaults(node.items, other.items) }),
    ...(node.anyOf && {
      anyOf: node.anyOf.map((member, i) => noteOtherDefaults(member, other.anyOf?.[i] ?? member)),
    }),
    ...(node.properties && {
      properties: mapValues(node.properties, (property, key) =>
        noteOtherDefaults(property, other.properties?.[key] ?? property),
      ),
    }),
  };
}

/** A value as one would write it in YAML. */
export function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
