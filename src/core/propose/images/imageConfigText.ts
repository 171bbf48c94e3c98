/** Writes a proposal for images as YAML, each choice with its reason beside it. */
import { say } from '../../../shared/language.ts';
import type { ImageClass, ImagesReport } from '../../inspect/imagesReport.ts';
import { lossOf, trainingText, unitLayer } from '../trainingText.ts';
import { comment, number, oneLine, text } from '../yamlText.ts';
import type { ImageSplit } from './chooseImageSplit.ts';
import type { NetworkChoice } from './chooseNetwork.ts';

export interface ImageProposal {
  readonly report: ImagesReport;
  /** As the config names a file or folder. */
  readonly pathOf: (place: string) => string;
  readonly split: ImageSplit;
  readonly network: NetworkChoice;
}

/** The text of a config file. */
export function imageConfigText(proposal: ImageProposal): string {
  const { report, pathOf, split, network } = proposal;
  const { train, test, target } = report;
  const shown = oneLine(pathOf(report.place));
  const proposed =
    network.filters.length > 0
      ? say`Proposed by Trainbench from ${shown}: ${train} images to train on`
      : say`Proposed by Trainbench from ${shown}: ${train} samples to train on`;
  const ofTest = test > 0 ? say`, ${test} for tests` : '';
  const task = target.kind === 'classes' ? 'image_classification' : 'regression';
  const lines = [
    `# ${proposed}${ofTest}.`,
    `# ${say('A start, with its reasons: train it, look at the curve, and change what you like.')}`,
    'version: 1',
    `task: ${task}${comment(targetReason(target))}`,
    'seed: 0',
    ...dataLines(proposal),
    ...modelLines(proposal),
    ...trainingText({
      ...lossOf(task === 'regression' ? 'regression' : 'classification'),
      ...network,
      rows: split.trainRows,
      metrics: metricsOf(target),
    }),
    ...predictLines(proposal),
  ];
  return `${lines.join('\n')}\n`;
}

const mostListed = 12;

function targetReason(target: ImagesReport['target']): string {
  if (target.kind === 'numbers') return say('the labels are numbers, no classes');
  const listed = target.classes.slice(0, mostListed).map(({ name, count }) => `${name} ${count}`);
  const more = target.classes.length - listed.length;
  const which = more > 0 ? say`${listed.join(', ')}, and ${more} more` : listed.join(', ');
  return say`${target.classes.length} classes with their training images: ${which}`;
}

function dataLines({ report, pathOf, split, network }: ImageProposal): string[] {
  const { format, place, labelsFile, shape, notes } = report;
  return [
    'data:',
    ...(format === 'npz' || format === 'npy' ? [] : [`  format: ${format}`]),
    `  path: ${text(pathOf(place))}`,
    ...(labelsFile === null ? [] : [`  labels: ${text(pathOf(labelsFile))}`]),
    ...notes.map((note) => `  # ${oneLine(note)}`),
    ...sizeLines(network),
    ...(format === 'images' ? [colorLine(shape)] : []),
    ...normalizeLines(report),
    ...splitLines(split),
  ];
}

function sizeLines({ size, shape }: NetworkChoice): string[] {
  if (size !== null) {
    return [`  image_size: [${size.value.join(', ')}]${comment(size.reason)}`];
  }
  return [`  # ${say`All are of one size: ${shape.join(' x ')}.`}`];
}

function colorLine(shape: readonly number[]): string {
  return shape[2] === 1
    ? `  color_mode: grayscale${comment(say('the images have no colours'))}`
    : `  color_mode: rgb${comment(say('the images have colours'))}`;
}

/** By default pixels are divided by 255. */
function normalizeLines({ values: { areBytes, min, max } }: ImagesReport): string[] {
  if (areBytes) return [`  # ${say('Pixels are brought from 0 .. 255 to 0 .. 1 (normalize).')}`];
  const range = say`numbers from ${number(min)} to ${number(max)}`;
  if (min >= 0 && max > 1.5 && max <= 255) {
    return [`  normalize: { divide_by: ${number(max)} }${comment(range)}`];
  }
  if (min >= -1.5 && max <= 1.5) return [`  normalize: { divide_by: 1 }${comment(range)}`];
  const keys = 'featurewise_center: true, featurewise_std_normalization: true';
  return [`  normalize: { ${keys} }${comment(range)}`];
}

function splitLines({ validation, shares, stratify, reason }: ImageSplit): string[] {
  if (validation === 'test') return [`  validation: test${comment(reason)}`];
  const test = shares.test > 0 ? `, test: ${shares.test}` : '';
  const keys = `train: ${shares.train}, validation: ${shares.validation}${test}`;
  return [`  split: { ${keys}${stratify ? ', stratify: true' : ''} }${comment(reason)}`];
}

function modelLines({ report, network }: ImageProposal): string[] {
  const { filters, hidden, dropout, reason, shape } = network;
  const blocks = filters.flatMap((count) => [
    `  - { type: Conv2D, filters: ${count}, kernel_size: 3, padding: same, activation: relu }`,
    '  - { type: MaxPooling2D, pool_size: 2 }',
  ]);
  const needsAxis = report.shape.length < shape.length;
  const flatten = filters.length > 0 || shape.length > 1 ? ['  - Flatten'] : [];
  return [
    `model:${comment(reason)}`,
    ...(needsAxis ? [reshapeLine(shape)] : []),
    ...blocks,
    ...flatten,
    ...hidden.map((units) => `  - { type: Dense, units: ${units}, activation: relu }`),
    ...(dropout === null ? [] : [dropoutLine(dropout)]),
    ...lastLines(report.target),
  ];
}

function reshapeLine(shape: readonly number[]): string {
  const why = say('a channel, which convolutions need');
  return `  - { type: Reshape, target_shape: [${shape.join(', ')}] }${comment(why)}`;
}

function dropoutLine(rate: number): string {
  return `  - { type: Dropout, rate: ${rate} }${comment(say('makes learning by heart harder'))}`;
}

function lastLines(target: ImagesReport['target']): string[] {
  if (target.kind === 'classes') {
    const units = target.classes.length;
    const why = comment(say('one for each class'));
    return [`  - { type: Dense, name: output, units: ${units}, activation: softmax }${why}`];
  }
  const { width, mean, std } = target;
  const why = width === 1 ? say('a number') : say('one for each number');
  const output = `  - { type: Dense, name: output, units: ${width} }${comment(why)}`;
  return [output, ...(width === 1 && std > 0 ? unitLayer({ mean, std }, 'label') : [])];
}

function metricsOf(target: ImagesReport['target']): readonly string[] {
  if (target.kind === 'numbers') return ['mae', 'rmse', 'r2'];
  return isUneven(target.classes) ? ['accuracy', 'precision', 'recall', 'f1'] : ['accuracy'];
}

/** Accuracy misleads where one class is most of the images. */
function isUneven(classes: readonly ImageClass[]): boolean {
  const all = classes.reduce((sum, { count }) => sum + count, 0);
  return classes.some(({ count }) => count > 0.6 * all);
}

function predictLines({ report: { example }, pathOf }: ImageProposal): string[] {
  if (example === null) return [];
  return [
    `predict:${comment(say('one of the images'))}`,
    `  - { image: ${text(pathOf(example))} }`,
  ];
}
