/** The texts of *Look at Data* in the user's language. */
import { l10n } from 'vscode';
import type { LookTexts } from '../../shared/protocol/views/lookAtData.ts';

export function lookTexts(): LookTexts {
  return {
    ...pageTexts(),
    ...columnTexts(),
    ...typeTexts(),
    ...splitTexts(),
    ...rowTexts(),
    ...imageTexts(),
  };
}

/** The top of the page, and its tabs. */
function pageTexts() {
  return {
    again: l10n.t('Look Again'),
    cancel: l10n.t('Cancel'),
    columns: l10n.t('Columns'),
    dataFile: l10n.t('Data'),
    decimal: l10n.t('Decimal Mark'),
    empty: l10n.t('The file is empty: it has neither column names nor rows.'),
    encoding: l10n.t('Encoding'),
    firstRows: l10n.t('First Rows'),
    likelyTarget: l10n.t('Likely Target'),
    line: l10n.t('line {0}'),
    looking: l10n.t('Looking at the data…'),
    majority: l10n.t('Always guessing {0} would be right on {1} of the rows.'),
    markAsIn: l10n.t('{0} (as in {1}, {2})'),
    missingCells: l10n.t('Missing Cells'),
    model: l10n.t('Before and After'),
    network: l10n.t('Network'),
    networkLayer: l10n.t('Layer'),
    networkParameters: l10n.t('Parameters'),
    networkShape: l10n.t('Output Shape'),
    networkTotal: l10n.t('{0} parameters, {1} of them trained'),
    noRepeats: l10n.t('None'),
    noRows: l10n.t('The file has no rows.'),
    openFile: l10n.t('Open File'),
    problems: l10n.t('Problems'),
    repeatOf: l10n.t('{0} repeats {1}'),
    repeated: l10n.t('Repeated Rows'),
    rows: l10n.t('Rows'),
    rowsOfThem: l10n.t('{0}, of them {1} different'),
    space: l10n.t('space'),
    split: l10n.t('Split and Target'),
    thousands: l10n.t('Thousands'),
    train: l10n.t('Train'),
    trainData: l10n.t('Train on This Data'),
  };
}

/** The columns of the table. */
function columnTexts() {
  return {
    allTypes: l10n.t('All'),
    bin: l10n.t('{0} to {1}: {2}'),
    columnsShown: l10n.t('{0} of {1} columns'),
    different: l10n.t('Different values: {0}'),
    emptyColumn: l10n.t('No row has a value here.'),
    examples: l10n.t('Each value occurs once. For example:'),
    filter: l10n.t('Filter by Name'),
    histogram: l10n.t(
      'Histogram of {0}: half of the values are from {1} to {2}. The arrow keys read its bars.',
    ),
    input: l10n.t('Input'),
    max: l10n.t('Largest'),
    mean: l10n.t('Mean'),
    median: l10n.t('Median'),
    min: l10n.t('Smallest'),
    missing: l10n.t('Missing: {0}'),
    noMatch: l10n.t('No column matches.'),
    otherValues: l10n.t('And {0} other values.'),
    quartiles: l10n.t('Middle Half'),
    sort: l10n.t('Sort by'),
    'sort.distinct': l10n.t('Different Values'),
    'sort.file': l10n.t('Place in the File'),
    'sort.missing': l10n.t('Missing'),
    'sort.name': l10n.t('Name'),
    'sort.type': l10n.t('Type'),
    std: l10n.t('Standard Deviation'),
    target: l10n.t('Target'),
    type: l10n.t('Type'),
    unit: l10n.t('in {0}'),
    unused: l10n.t('Not Used'),
    values: l10n.t('Commonest values of {0}'),
    wrongNumbers: l10n.t('No numbers: {0}, the first is {1} at {2}.'),
  };
}

/** What a column seems to hold. */
function typeTexts() {
  return {
    'type.boolean': l10n.t('yes or no'),
    'type.category': l10n.t('category'),
    'type.date': l10n.t('date'),
    'type.empty': l10n.t('empty'),
    'type.id': l10n.t('name of the row'),
    'type.integer': l10n.t('whole number'),
    'type.mixed': l10n.t('numbers and texts mixed'),
    'type.nested': l10n.t('lists or objects'),
    'type.number': l10n.t('number'),
    'type.text': l10n.t('text'),
  };
}

/** How the rows are shared out. */
function splitTexts() {
  return {
    targetValues: l10n.t('Values of {0}'),
    andMore: l10n.t('And {0} more.'),
    baselineMajority: l10n.t(
      'Always guessing {0}, the commonest class of the training rows, is right on {1} of {2} validation rows. A model has to beat that.',
    ),
    baselineMean: l10n.t(
      'Always guessing the mean of the training rows, {0}, is off by {1} on average over the validation rows. A model has to beat that.',
    ),
    class: l10n.t('Class'),
    classes: l10n.t('Classes of {0}'),
    droppedRows: l10n.t('Rows left out because a value is missing: {0}.'),
    leak: l10n.t(
      '{0}: {1} of {2} rows have inputs that occur in training too, {3} of them with the same target. The model can know them by heart, so it looks better here than it is.',
    ),
    noLeak: l10n.t('{0}: no row has inputs that occur in training.'),
    oversampled: l10n.t(
      'Of the {1} training rows {2} are different: each occurs {0} times (oversample).',
    ),
    oversampledBefore: l10n.t(
      'Each row occurs {0} times, repeated before the split (oversample_before_split).',
    ),
    leakImages: l10n.t(
      '{0}: {1} of {2} images are in training too, {3} of them with the same class. The model can know them by heart, so it looks better here than it is.',
    ),
    noLeakImages: l10n.t('{0}: no image of it is in training.'),
    'part.test': l10n.t('Test'),
    'part.train': l10n.t('Training'),
    'part.validation': l10n.t('Validation'),
  };
}

/** Before and after the preprocessing. */
function rowTexts() {
  return {
    arrow: l10n.t('becomes'),
    asFile: l10n.t('As the File Has Them'),
    asModel: l10n.t('As the Model Gets Them'),
    columnsAfter: l10n.t('Columns After'),
    columnsBefore: l10n.t('Columns Before'),
    columnsOf: l10n.t('Columns {0} to {1} of {2}'),
    inFile: l10n.t('In the file, all rows'),
    inputs: l10n.t(
      'From {0} columns the model gets {1} inputs. Their histograms are of the training rows.',
    ),
    inputsMore: l10n.t('Only the first {0} inputs are shown.'),
    leftOut: l10n.t('left out'),
    lineColumn: l10n.t('Line'),
    part: l10n.t('Part'),
  };
}

/** Images, and what augmentation makes of them. */
function imageTexts() {
  return {
    anotherDraw: l10n.t('Another Draw'),
    anotherImage: l10n.t('Another Image'),
    asIs: l10n.t('As it is'),
    changedBy: l10n.t(
      'Beside the image as it is: what training sees of it in its epochs, changed at random by {0}. Validation sees it as it is.',
    ),
    epoch: l10n.t('Epoch {0}'),
    imageOf: l10n.t('Training image {0} of {1}: {2}'),
    images: l10n.t('Images'),
    classCount: l10n.t('Number of Classes'),
    inputsOfImages: l10n.t('The model gets each image as {0} numbers, {1} in all.'),
    size: l10n.t('Size'),
    noAugmentation: l10n.t(
      'Training sees the images as they are. With `augmentation` in its data the config could change them a little at random each time.',
    ),
  };
}
