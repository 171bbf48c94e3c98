/** The words of the trade, each with a sentence for who has never met it. */
import { l10n } from 'vscode';

export function explainWords() {
  return {
    'about.activation': l10n.t(
      'A fixed rule that bends the sum of a unit. Without it many layers could do no more than one.',
    ),
    'about.batch': l10n.t('The rows that one step looks at together.'),
    'about.bias': l10n.t('A number that a unit adds to its sum, whatever comes in. It is learned.'),
    'about.epoch': l10n.t('Once through all training rows, batch by batch.'),
    'about.feature': l10n.t('A column of the table that the network gets as input.'),
    'about.gradient': l10n.t(
      'How much the loss grows for each bit that a number grows. It points uphill; training goes the other way.',
    ),
    'about.layer': l10n.t(
      'Units side by side that get the same inputs. Its outputs are the inputs of the next layer.',
    ),
    'about.learningRate': l10n.t(
      'How far a step goes. Too small: training takes long. Too large: it overshoots.',
    ),
    'about.loss': l10n.t('One number for how wrong the answers are. Training makes it smaller.'),
    'about.optimizer': l10n.t('The rule by which gradients become changes of the weights.'),
    'about.probability': l10n.t('How sure the network is, from 0 (no) to 1 (certain).'),
    'about.unit': l10n.t(
      'The smallest part of a layer: it turns many numbers into one. Also called a neuron.',
    ),
    'about.weight': l10n.t(
      'How strongly an input counts for a unit, and in which direction. It is learned.',
    ),
    'word.activation': l10n.t('Activation'),
    'word.batch': l10n.t('Batch'),
    'word.bias': l10n.t('Bias'),
    'word.epoch': l10n.t('Epoch'),
    'word.feature': l10n.t('Feature'),
    'word.gradient': l10n.t('Gradient'),
    'word.layer': l10n.t('Layer'),
    'word.learningRate': l10n.t('Learning Rate'),
    'word.loss': l10n.t('Loss'),
    'word.optimizer': l10n.t('Optimizer'),
    'word.probability': l10n.t('Probability'),
    'word.unit': l10n.t('Unit'),
    'word.weight': l10n.t('Weight'),
  };
}
