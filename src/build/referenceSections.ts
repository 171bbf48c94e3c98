/** What the reference page of the config language says beside the tables that come from the schema. */
import { say } from '../shared/language.ts';

export interface Section {
  readonly title: string;
  /** From the root: keys, `[]` for the items of a list, a type name for a member of a family. */
  readonly path: readonly string[];
  readonly text: string;
}

/** In the order of the page, in the language of the process. */
export function referenceSections(): readonly Section[] {
  return [
    { title: say('The file'), path: [], text: say('Keys at the top level.') },
    { title: 'seed', path: ['seed'], text: say('A number, or:') },
    ...dataSections(),
    ...modelSections(),
    ...trainingSections(),
    { title: 'output', path: ['output'], text: say('What is written, and where.') },
    {
      title: 'compute',
      path: ['compute'],
      text: say('For cloud jobs; a local run ignores it.'),
    },
    {
      title: 'distribution',
      path: ['compute', 'distribution'],
      text: say('How the machines of a cloud job work together.'),
    },
  ];
}

function dataSections(): Section[] {
  const ofTable = say(
    'Of a table: where the rows come from and how they become numbers. Images have other keys: [images](#images).',
  );
  const missing = say('What to do about missing values: one of these words, or `{constant: 0}`.');
  const normalize = say(
    'How the numbers of images and arrays are scaled. Without it pixels are divided by 255.',
  );
  return [
    { title: 'data', path: ['data', 'csv'], text: ofTable },
    {
      title: 'features',
      path: ['data', 'features', '[]'],
      text: say('Each item of `data.features` is the name of a column, or:'),
    },
    { title: 'target', path: ['data', 'target'], text: say('The name of a column, or:') },
    { title: 'missing', path: ['data', 'missing'], text: missing },
    ...imageSections(),
    { title: 'normalize', path: ['data', 'images', 'normalize'], text: normalize },
    {
      title: 'augmentation',
      path: ['data', 'images', 'augmentation', '[]'],
      text: say('A list of random changes of the training images, in the order of the list.'),
    },
    { title: 'split', path: ['data', 'split'], text: say('How rows are shared out.') },
  ];
}

/** The keys of `data` by format; those that all formats share are told with each. */
function imageSections(): Section[] {
  const arrays = say(
    'NumPy arrays: `x_train`, `y_train` and, if there, `x_test`, `y_test`; or `x` and `y`.',
  );
  const formats: readonly (readonly [title: string, text: string])[] = [
    ['images', say('PNG and JPEG files, as `data` with `format: images`.')],
    ['cifar10', say('CIFAR-10 and, as `cifar100`, CIFAR-100.')],
    ['idx', say('The files of MNIST and Fashion-MNIST.')],
    ['npz', arrays],
  ];
  return formats.map(([title, text]) => ({ title, path: ['data', title], text }));
}

const branches = `\`\`\`yaml
model:
  - {type: Dense, name: stem, units: 16, activation: relu}
  - {type: Dense, name: branch, units: 16, activation: relu}
  - {type: Add, inputs: [branch, stem]}
  - {type: Dense, units: 3, activation: softmax}
\`\`\``;

function modelSections(): Section[] {
  const layers = say(
    'A list of layers, or `{layers: [...]}`; the last one gives the output. Input shapes are inferred. Images are `[rows, columns, channels]` (channels_last), sequences `[steps, channels]`.',
  );
  const joined = say(
    'A layer takes the output of the one before it, or of those that its `inputs` name:',
  );
  const rows = say(
    '`inputs: data` means the rows themselves. Add, Multiply and Concatenate join branches.',
  );
  const layer = ['model', '[]'];
  return [
    { title: 'model', path: layer, text: paragraphs(layers, joined, branches, rows) },
    {
      title: 'activation',
      path: [...layer, 'Dense', 'activation'],
      text: say('A function applied to each value.'),
    },
    {
      title: 'initializer',
      path: [...layer, 'Dense', 'kernel_initializer'],
      text: say('How new weights are filled.'),
    },
  ];
}

function trainingSections(): Section[] {
  const accumulation = say(
    'With `gradient_accumulation_steps: 4` the weights move after every fourth step, by the mean of its gradient and those of the three before it, as with `gradient_accumulation_steps` of the optimizers of Keras. Steps, their losses, `log_every` and learning-rate schedules go on counting batches; clipping and weight decay see the mean; Adam counts updates. The end of an epoch changes nothing: what is gathered by then waits for the first batches of the next, and after the last epoch it is lost.',
  );
  const rate = say('A number, or a schedule. Steps are counted from 0 over all epochs.');
  return [
    {
      title: 'training',
      path: ['training'],
      text: paragraphs(say('How the model is trained. A step is one batch.'), accumulation),
    },
    { title: 'optimizer', path: ['training', 'optimizer'], text: optimizerText() },
    {
      title: 'learning_rate',
      path: ['training', 'optimizer', 'SGD', 'learning_rate'],
      text: rate,
    },
    { title: 'loss', path: ['training', 'loss'], text: say('What is minimised.') },
    {
      title: 'metrics',
      path: ['training', 'metrics', '[]'],
      text: say('A list of what else is reported.'),
    },
    {
      title: 'callbacks',
      path: ['callbacks', '[]'],
      text: say('A list of what happens between epochs.'),
    },
    {
      title: 'schedule',
      path: ['callbacks', '[]', 'LearningRateScheduler', 'schedule', '[]'],
      text: say('Each item of the table of LearningRateScheduler:'),
    },
  ];
}

function optimizerText(): string {
  const averages = say(
    'With `use_ema: true` each trained tensor has a moving average beside it, as in Keras: the weights of the first update, then `ema_momentum` of the average and the rest of the new weights after each step. While it trains, validation, callbacks, checkpoints and all views use the weights themselves. When the training has come to its own end the averages take their place: these are what the last moment of the weights view shows and what `evaluate`, `predict` and exports use, unless ModelCheckpoint or EarlyStopping kept weights of their own. A run that is stopped keeps the weights themselves, and one that is resumed goes on from them.',
  );
  return paragraphs(say('How weights follow gradients.'), averages);
}

const example = `\`\`\`yaml
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

/** How the page begins. */
export function referenceOpening(): string {
  const about = say(
    'A `*.train.yaml` (`.yml`, `.json`) says everything about a training: data, model, training, output. The words are those of Keras. Wherever a **type** can be chosen it is written `{type: Name, key: value}`, or just `Name` if no other key is needed. Defaults are those of Keras; with `conventions: pytorch` they are those of PyTorch where the table says so.',
  );
  return paragraphs(
    `# ${say('Config reference')}`,
    say('Generated from the schema by `npm run generate`; do not edit.'),
    about,
    example,
  );
}

function paragraphs(...parts: readonly string[]): string {
  return parts.join('\n\n');
}
