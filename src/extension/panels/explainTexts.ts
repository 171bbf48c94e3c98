/** The texts of the page that explains a step, in the user's language. For readers who have never seen one. */
import { l10n } from 'vscode';
import type { ExplainText } from '../../shared/protocol/views/explain.ts';
import { explainKinds } from './explainKinds.ts';
import { explainWords } from './explainWords.ts';

export function explainTexts(): Readonly<Record<ExplainText, string>> {
  return {
    ...explainKinds(),
    ...explainWords(),
    ...titles(),
    ...story(),
    ...update(),
    ...labels(),
  };
}

function titles() {
  return {
    'title.after': l10n.t('6. Did It Help?'),
    'title.answer': l10n.t('3. The Answer'),
    'title.backward': l10n.t('5. Backward: Which Way to Move'),
    'title.batch': l10n.t('1. The Batch'),
    'title.forward': l10n.t('2. Forward Through the Layers'),
    'title.loss': l10n.t('4. How Wrong It Is: the Loss'),
  };
}

function story() {
  return {
    afterText: l10n.t(
      'The same rows once more, with the new weights: the loss goes from {0} to {1}.',
    ),
    answerClasses: l10n.t(
      'The numbers of the last layer give a probability for each class; together they are 1. The right class is marked.',
    ),
    answerNumbers: l10n.t(
      'The last layer gives the answer itself; beside it stands the right one.',
    ),
    backwardText: l10n.t(
      'Now the same way back. For every number in the network this asks: if it grew a little, how much would the loss grow? That is its gradient. A weight with a positive gradient has to shrink, one with a negative gradient has to grow; the larger the gradient, the more it matters. Sizes in the table are typical ones: the root of the mean square.',
    ),
    batchPictures: l10n.t(
      'The step takes {0} images of the training data, here as the network gets them: changed at random where the config says so. Under each stand its class and L, the loss of that image alone. One is marked: its way through the network is shown below. Choose another with a click.',
    ),
    batchText: l10n.t(
      'The step takes {0} rows of the training data. Under each value stands the number that the network gets for it. One row is marked: its way through the network is shown below. Choose another by its number.',
    ),
    forgetful: l10n.t(
      'Of this moment the run keeps the weights only, not what the optimizer remembers of earlier steps. The update is worked out as if the optimizer began here.',
    ),
    forwardText: l10n.t(
      'Each layer turns the numbers before it into new ones. Red numbers are above zero, blue ones below; the stronger the colour, the larger the number. Choose a unit to see how its number comes about.',
    ),
    intro: l10n.t(
      'A network learns in small steps. In each it answers a batch of rows, measures how wrong its answers are, and moves every weight a little so that they would have been less wrong. This page goes through one step with its own numbers, from top to bottom.',
    ),
    live: l10n.t(
      'This run trains. Next Step takes one more step, pauses, and shows what comes then.',
    ),
    lossMean: l10n.t(
      'For the marked row it is {0}. The mean over all {1} rows is {2}: this number is what training makes smaller.',
    ),
    lossWeighted: l10n.t(
      'Classes have weights in this training: c says how much a row counts, by its class.',
    ),
    normal: l10n.t('x is the input, M and V are mean and variance of this feature over the batch.'),
    notNext: l10n.t(
      'It is not the turn of this batch: this is the step that training would take with it now.',
    ),
  };
}

/** Of the update, and whether it helped. */
function update() {
  return {
    'after.better': l10n.t(
      'It fell: the network has learned a little. Thousands of such steps make it good.',
    ),
    'after.same': l10n.t('It stayed the same: these weights had nothing to learn from this batch.'),
    'after.waits': l10n.t(
      'The weights have not moved yet: the gradients of the next batches are gathered first.',
    ),
    'after.worse': l10n.t(
      'It rose: the step was too large here, or it helps other rows. What counts is the way over many steps; if the loss keeps rising, a smaller learning rate helps.',
    ),
    'gathering.due': l10n.t(
      'All are gathered: the optimizer gets their mean, and what is gathered begins again at 0.',
    ),
    'gathering.waits': l10n.t('The weights stay as they are; this gradient waits for the others.'),
    averaging: l10n.t(
      'Beside each weight stands its moving average, p. When training ends it takes the place of the weight.',
    ),
    clipped: l10n.t(
      'b is this gradient. What the optimizer gets of it is g: clipped, or with the weight decay in it.',
    ),
    gathering: l10n.t(
      'This is batch {0} of {1} whose gradients make one update together. b is the gradient of this batch, h the sum of those before it.',
    ),
    letters: l10n.t(
      'w is the weight, g its gradient, r the learning rate, t the number of the update; a prime marks a new value.',
    ),
    parts: l10n.t(
      'Its gradient adds up over the rows: each gives what came in through this weight, times the gradient of the unit that it leads to.',
    ),
    update: l10n.t('Then the optimizer, {0}, moves the weight.'),
  };
}

function labels() {
  return {
    answer: l10n.t('Answer'),
    batch: l10n.t('Batch'),
    biasOf: l10n.t('The bias of unit {0} of {1}'),
    change: l10n.t('Change'),
    error: l10n.t('Error'),
    from: l10n.t('From Input'),
    gradient: l10n.t('Gradient'),
    in: l10n.t('In'),
    inFrom: l10n.t('In, from {0}'),
    inOut: l10n.t('{0} in, {1} out'),
    input: l10n.t('Input'),
    layer: l10n.t('Layer'),
    mapSizes: l10n.t('{0} maps of {1} × {2}'),
    mapValue: l10n.t('Map {0}, place {1}: {2}'),
    mapValues: l10n.t('values from {0} to {1}, mean {2}, {3} of them zero'),
    marked: l10n.t('marked'),
    more: l10n.t('{0} more'),
    moreFeatures: l10n.t('and {0} more features'),
    moreInputs: l10n.t('{0} more inputs'),
    moreRows: l10n.t('{0} more rows'),
    next: l10n.t('Next'),
    nextMoment: l10n.t('Next Kept Step'),
    nextStep: l10n.t('Next Step'),
    of: l10n.t('{0} of {1}'),
    out: l10n.t('Out'),
    place: l10n.t('Value {0} of {1}'),
    prepared: l10n.t('How the values of the marked row become numbers'),
    previous: l10n.t('Previous'),
    previousMoment: l10n.t('Previous Kept Step'),
    product: l10n.t('Product'),
    right: l10n.t('right'),
    row: l10n.t('Row'),
    rowLoss: l10n.t('Loss L'),
    rowWeight: l10n.t('Weight c'),
    signal: l10n.t('Gradients of the sums of {0}'),
    size: l10n.t('Size'),
    sum: l10n.t('Sum'),
    sums: l10n.t('Sums'),
    target: l10n.t('Target'),
    tensor: l10n.t('Weights'),
    title: l10n.t('Step {0} of {1}'),
    to: l10n.t('To Unit'),
    unit: l10n.t('Unit'),
    unitSignal: l10n.t('Gradient of the Unit'),
    unitWorked: l10n.t('Unit {0} worked out'),
    value: l10n.t('Value'),
    weightOf: l10n.t('The weight from input {0} to unit {1} of {2}'),
    weightTitle: l10n.t('One Weight'),
    where: l10n.t('Epoch {0}, batch {1} of {2}, {3} rows'),
    words: l10n.t('Words'),
  };
}
