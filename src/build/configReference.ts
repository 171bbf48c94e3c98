/** The reference page of the config language, `samples/CONFIG.md`, from its JSON Schema. */
import { plannedWords } from '../shared/model/planned.ts';
import { configJsonSchema, plainText, typeNames, type SchemaNode } from './jsonSchema.ts';

interface Section {
  readonly title: string;
  /** From the root: keys, `[]` for the items of a list, a type name for a member of a family. */
  readonly path: readonly string[];
  readonly text: string;
}

const sections: readonly Section[] = [
  {
    title: 'The file',
    path: [],
    text: 'Keys at the top level.',
  },
  { title: 'seed', path: ['seed'], text: 'A number, or:' },
  {
    title: 'data',
    path: ['data', 'csv'],
    text: 'Of a table: where the rows come from and how they become numbers. Images have other keys: [images](#images).',
  },
  {
    title: 'features',
    path: ['data', 'features', '[]'],
    text: 'Each item of `data.features` is the name of a column, or:',
  },
  { title: 'target', path: ['data', 'target'], text: 'The name of a column, or:' },
  {
    title: 'missing',
    path: ['data', 'missing'],
    text: 'What to do about missing values: one of these words, or `{constant: 0}`.',
  },
  ...imageSections(),
  {
    title: 'normalize',
    path: ['data', 'images', 'normalize'],
    text: 'How the numbers of images and arrays are scaled. Without it pixels are divided by 255.',
  },
  { title: 'split', path: ['data', 'split'], text: 'How rows are shared out.' },
  {
    title: 'model',
    path: ['model', '[]'],
    text: [
      'A list of layers, or `{layers: [...]}`; the last one gives the output. Input shapes are inferred.',
      'Images are `[rows, columns, channels]` (channels_last), sequences `[steps, channels]`.',
      '',
      'A layer takes the output of the one before it, or of those that its `inputs` name:',
      '',
      '```yaml',
      'model:',
      '  - {type: Dense, name: stem, units: 16, activation: relu}',
      '  - {type: Dense, name: branch, units: 16, activation: relu}',
      '  - {type: Add, inputs: [branch, stem]}',
      '  - {type: Dense, units: 3, activation: softmax}',
      '```',
      '',
      '`inputs: data` means the rows themselves. Add, Multiply and Concatenate join branches.',
    ].join('\n'),
  },
  {
    title: 'activation',
    path: ['model', '[]', 'Dense', 'activation'],
    text: 'A function applied to each value.',
  },
  {
    title: 'initializer',
    path: ['model', '[]', 'Dense', 'kernel_initializer'],
    text: 'How new weights are filled.',
  },
  {
    title: 'training',
    path: ['training'],
    text: [
      'How the model is trained. A step is one batch.',
      '',
      'With `gradient_accumulation_steps: 4` the weights move after every fourth step, by the mean of its gradient and those of the',
      'three before it, as with `gradient_accumulation_steps` of the optimizers of Keras. Steps, their losses, `log_every` and',
      'learning-rate schedules go on counting batches; clipping and weight decay see the mean; Adam counts updates. The end of an epoch',
      'changes nothing: what is gathered by then waits for the first batches of the next, and after the last epoch it is lost.',
    ].join('\n'),
  },
  {
    title: 'optimizer',
    path: ['training', 'optimizer'],
    text: [
      'How weights follow gradients.',
      '',
      'With `use_ema: true` each trained tensor has a moving average beside it, as in Keras: the weights of the first update, then',
      '`ema_momentum` of the average and the rest of the new weights after each step. While it trains, validation, callbacks, checkpoints',
      'and all views use the weights themselves. When the training has come to its own end the averages take their place: these are what the',
      'last moment of the weights view shows and what `evaluate`, `predict` and exports use, unless ModelCheckpoint or EarlyStopping kept',
      'weights of their own. A run that is stopped keeps the weights themselves, and one that is resumed goes on from them.',
    ].join('\n'),
  },
  {
    title: 'learning_rate',
    path: ['training', 'optimizer', 'SGD', 'learning_rate'],
    text: 'A number, or a schedule. Steps are counted from 0 over all epochs.',
  },
  { title: 'loss', path: ['training', 'loss'], text: 'What is minimised.' },
  {
    title: 'metrics',
    path: ['training', 'metrics', '[]'],
    text: 'A list of what else is reported.',
  },
  { title: 'callbacks', path: ['callbacks', '[]'], text: 'A list of what happens between epochs.' },
  { title: 'output', path: ['output'], text: 'What is written, and where.' },
  { title: 'compute', path: ['compute'], text: 'For cloud jobs; a local run ignores it.' },
];

/** The keys of `data` by format; those that all formats share are told with each. */
function imageSections(): Section[] {
  const formats: readonly (readonly [title: string, text: string])[] = [
    ['images', 'PNG and JPEG files, as `data` with `format: images`.'],
    ['cifar10', 'CIFAR-10 and, as `cifar100`, CIFAR-100.'],
    ['idx', 'The files of MNIST and Fashion-MNIST.'],
    [
      'npz',
      'NumPy arrays: `x_train`, `y_train` and, if there, `x_test`, `y_test`; or `x` and `y`.',
    ],
  ];
  return formats.map(([title, text]) => ({ title, path: ['data', title], text }));
}

/** Keys whose values have a section of their own. */
const links: Readonly<Record<string, string>> = {
  ...Object.fromEntries(sections.slice(1).map(({ title }) => [title, title])),
  kernel_initializer: 'initializer',
  bias_initializer: 'initializer',
  depthwise_initializer: 'initializer',
  pointwise_initializer: 'initializer',
};

const opening = `# Config reference

Generated from the schema by \`npm run generate\`; do not edit.

A \`*.train.yaml\` (\`.yml\`, \`.json\`) says everything about a training: data, model, training, output. The words are those of
Keras. Wherever a **type** can be chosen it is written \`{type: Name, key: value}\`, or just \`Name\` if no other key is needed.
Defaults are those of Keras; with \`conventions: pytorch\` they are those of PyTorch where the table says so.

\`\`\`yaml
task: classification
data:
  path: penguins.csv
  features: [CulmenLength, {name: BodyMass, normalize: zscore}]
  target: Species
  missing: drop_row
model:
  - {type: Dense, units: 10, activation: relu}
  - {type: Dense, units: 3, activation: softmax}
training:
  epochs: 100
  optimizer: {type: Adam, learning_rate: 0.01}
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
\`\`\`
`;

export function configReference(): string {
  const root = configJsonSchema();
  const body = sections.map((section) => sectionText(section, nodeAt(root, section.path)));
  return [opening, ...body, plannedText()].join('\n');
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
  const table = rows.length === 0 ? [] : [['| type | |', '|---|---|', ...rows, ''].join('\n')];
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
  const also = aliases.length === 0 ? '' : ` Also written ${aliases.map(code).join(', ')}.`;
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
    const needed = required.includes(key) ? '**needed**' : preset;
    return `| ${[code(key), keyType(key, value), needed, value.description ?? ''].map(cell).join(' | ')} |`;
  });
  return ['| key | value | default | |', '|---|---|---|---|', ...lines, ''].join('\n');
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
  const link = links[key];
  return link !== undefined && hasKeys(node) ? `[${link}](#${link})` : typeText(node);
}

/** Whether an object can be meant: in itself, as an alternative, or as an item. */
function hasKeys(node: SchemaNode): boolean {
  const inner = [...(node.anyOf ?? []), ...(node.items ? [node.items] : [])];
  return node.properties !== undefined || inner.some(hasKeys);
}

function typeText(node: SchemaNode): string {
  if (node.anyOf) {
    const alternatives = node.anyOf.filter(({ type }) => type !== 'null').map(typeText);
    return [...new Set(alternatives)].join(' or ');
  }
  if (node.enum) return node.enum.map((word) => code(plainText(word))).join(', ');
  if (node.const !== undefined) return code(plainText(node.const));
  if (Array.isArray(node.type))
    return node.type.map((type) => typeText({ type: String(type) })).join(' or ');
  switch (node.type) {
    case 'array':
      return `${listText(node)}: ${typeText(node.items ?? {})}`;
    case 'integer':
      return `whole number${boundsText(node)}`;
    case 'number':
      return `number${boundsText(node)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'string':
      return 'text';
    case 'null':
      return 'nothing';
    default:
      return 'keys with values';
  }
}

function listText({ minItems, maxItems }: SchemaNode): string {
  return maxItems !== undefined && minItems === maxItems ? `list of ${maxItems}` : 'list';
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
      `- ${place === '' ? 'top level' : code(place)}: ${words.map(code).join(', ')}`,
  );
  const text =
    'These words are decided but not implemented; a config that has one of them is refused.';
  return `## Planned\n\n${text}\n\n${lines.join('\n')}\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
