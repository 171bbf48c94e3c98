/** The reference page of the config language, `samples/CONFIG.md`, from its JSON Schema; in Spanish `CONFIG.es.md`. */
import { say } from '../shared/language.ts';
import { plannedWords } from '../shared/model/planned.ts';
import { configJsonSchema, plainText, typeNames, type SchemaNode } from './jsonSchema.ts';
import { referenceOpening, referenceSections, type Section } from './referenceSections.ts';

/** In the language of the process. */
export function configReference(): string {
  const root = configJsonSchema();
  const body = referenceSections().map((part) => sectionText(part, nodeAt(root, part.path)));
  return [referenceOpening(), ...body, plannedText()].join('\n');
}

function nodeAt(root: SchemaNode, path: readonly string[]): SchemaNode {
  return path.reduce((node, step) => {
    const members = [node, ...(node.anyOf ?? [])];
    const next =
      step === '[]'
        ? members.find(({ items }) => items)?.items
        : (members.find(({ properties }) => properties?.[step])?.properties?.[step] ??
          members.find((member) => typeNames(member).includes(step)));
    if (next === undefined) throw new Error(`the schema has no ${path.join('.')}`);
    return next;
  }, root);
}

function sectionText({ title, text }: Section, node: SchemaNode): string {
  const members = (node.anyOf ?? []).filter(({ properties }) => properties?.['type']);
  const body = members.length > 0 ? familyText(members) : tableOf(objectOf(node));
  return `## ${title}\n\n${text}\n\n${body}`;
}

function objectOf(node: SchemaNode): SchemaNode {
  return node.properties ? node : (node.anyOf?.find(({ properties }) => properties) ?? node);
}

/** A family: the types that are just a name as one table, then each of the others with the table of its keys. */
function familyText(members: readonly SchemaNode[]): string {
  const isBare = (member: SchemaNode) => Object.keys(member.properties ?? {}).length === 1;
  const rows = members.filter(isBare).map((member) => {
    const [name, meaning] = titleOf(member);
    return `| ${code(name)} | ${cell(meaning)} |`;
  });
  const table =
    rows.length === 0 ? [] : [[`| ${say('type')} | |`, '|---|---|', ...rows, ''].join('\n')];
  const others = members
    .filter((member) => !isBare(member))
    .map((member) => {
      const [name, meaning] = titleOf(member);
      return `### ${name}\n\n${meaning}\n\n${tableOf(member)}`;
    });
  return [...table, ...others].join('\n');
}

function titleOf(member: SchemaNode): readonly [name: string, meaning: string] {
  const [name, ...aliases] = typeNames(member);
  const also = aliases.length === 0 ? '' : ` ${say`Also written ${aliases.map(code).join(', ')}.`}`;
  return [name!, `${member.description ?? ''}${also}`];
}

function tableOf(node: SchemaNode): string {
  const rows = Object.entries(node.properties ?? {}).filter(
    ([key]) => key !== 'type' || !isFamily(node),
  );
  if (rows.length === 0) return '';
  const required = node.required ?? [];
  const lines = rows.map(([key, value]) => {
    const preset = value.default === undefined || value.default === null ? '' : defaultText(value);
    const needed = required.includes(key) ? `**${say('needed')}**` : preset;
    return `| ${[code(key), keyType(key, value), needed, value.description ?? ''].map(cell).join(' | ')} |`;
  });
  const head = [say('key'), say('value'), say('default')];
  return [`| ${head.join(' | ')} | |`, '|---|---|---|---|', ...lines, ''].join('\n');
}

function isFamily(node: SchemaNode): boolean {
  const type = node.properties?.['type'];
  return type?.const !== undefined || type?.enum !== undefined;
}

function defaultText(value: SchemaNode): string {
  const text = JSON.stringify(value.default);
  return text === '[]' || text === '{}' ? '' : code(plainText(value.default));
}

function keyType(key: string, node: SchemaNode): string {
  const link = sectionOf(key);
  return link !== undefined && hasKeys(node) ? `[${link}](#${link})` : typeText(node);
}

/** The section that tells of the values of a key. */
function sectionOf(key: string): string | undefined {
  const title = key.replace(/^\w+_(?=initializer$)/, '');
  return referenceSections().find((part) => part.path.length > 0 && part.title === title)?.title;
}

/** Whether an object can be meant: in itself, as an alternative, or as an item. */
function hasKeys(node: SchemaNode): boolean {
  const inner = [...(node.anyOf ?? []), ...(node.items ? [node.items] : [])];
  return node.properties !== undefined || inner.some(hasKeys);
}

function typeText(node: SchemaNode): string {
  if (node.anyOf) {
    const alternatives = node.anyOf.filter(({ type }) => type !== 'null').map(typeText);
    return [...new Set(alternatives)].join(` ${say('or')} `);
  }
  if (node.enum) return node.enum.map((word) => code(plainText(word))).join(', ');
  if (node.const !== undefined) return code(plainText(node.const));
  if (Array.isArray(node.type))
    return node.type.map((type) => typeText({ type: String(type) })).join(` ${say('or')} `);
  switch (node.type) {
    case 'array':
      return `${listText(node)}: ${typeText(node.items ?? {})}`;
    case 'integer':
      return `${say('whole number')}${boundsText(node)}`;
    case 'number':
      return `${say('number')}${boundsText(node)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'string':
      return say('text');
    case 'null':
      return say('nothing');
    default:
      return say('keys with values');
  }
}

function listText({ minItems, maxItems }: SchemaNode): string {
  return maxItems !== undefined && minItems === maxItems ? say`list of ${maxItems}` : say('list');
}

function boundsText(node: SchemaNode): string {
  const bounds: readonly (readonly [string, number | undefined])[] = [
    ['≥', node.minimum],
    ['>', node.exclusiveMinimum],
    ['≤', node.maximum],
    ['<', node.exclusiveMaximum],
  ];
  const texts = bounds.flatMap(([sign, limit]) =>
    limit === undefined ? [] : [`${sign} ${limit}`],
  );
  return texts.length === 0 ? '' : ` ${texts.join(', ')}`;
}

function plannedText(): string {
  const lines = plannedWords().map(
    ([place, words]) =>
      `- ${place === '' ? say('top level') : code(place)}: ${words.map(code).join(', ')}`,
  );
  const text = say(
    'These words are decided but not implemented; a config that has one of them is refused.',
  );
  return `## ${say('Planned')}\n\n${text}\n\n${lines.join('\n')}\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
