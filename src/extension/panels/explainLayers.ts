/** What each kind of layer does, in words. */
import { l10n } from 'vscode';

export function explainLayers() {
  return {
    ...normalizingLayers(),
    'layer.Activation': l10n.t('Changes each number on its own by a fixed rule.'),
    'layer.Add': l10n.t('Adds its inputs up, place by place.'),
    'layer.AveragePooling': l10n.t(
      'Looks through a small window at each place and keeps the mean of what it sees: fewer numbers, the same picture.',
    ),
    'layer.Concatenate': l10n.t('Puts its inputs one after the other; their values stay.'),
    'layer.Convolution': l10n.t(
      'Slides a small window over the image. Each of its {0} filters multiplies what the window shows by weights of its own and adds it up, with the same weights at every place: it answers where its pattern is.',
    ),
    'layer.Convolution1D': l10n.t(
      'Slides a small window over the steps of the sequence. Each of its {0} filters multiplies what the window shows by weights of its own and adds it up, with the same weights at every step: it answers where its pattern is.',
    ),
    'layer.Dense': l10n.t(
      'Each of its {0} units multiplies every input by a weight of its own, adds all products up, and adds its bias.',
    ),
    'layer.DepthwiseConv2D': l10n.t(
      'Slides a small window over each channel of the image on its own, with the same weights at every place.',
    ),
    'layer.Dropout': l10n.t(
      'Sets numbers to 0 by chance ({0} of them on average) and enlarges the others to make up for it, so that no unit relies on a single other one. Only while training.',
    ),
    'layer.Flatten': l10n.t('Puts all numbers of a row into one list; their values stay.'),
    'layer.GlobalAveragePooling': l10n.t(
      'Keeps one number of each channel: its mean over all places.',
    ),
    'layer.GlobalMaxPooling': l10n.t(
      'Keeps one number of each channel: its largest over all places.',
    ),
    'layer.Input': l10n.t('States how many numbers a row has; they stay as they are.'),
    'layer.MaxPooling': l10n.t(
      'Looks through a small window at each place and keeps the largest number it sees: fewer numbers, the strongest answers.',
    ),
    'layer.Multiply': l10n.t('Multiplies its inputs, place by place.'),
    'layer.Reshape': l10n.t('Arranges the same numbers in another shape; their values stay.'),
    'layer.SeparableConv2D': l10n.t(
      'Slides a small window over each channel on its own, and then mixes the channels at each place, with the same weights everywhere.',
    ),
    'layer.SpatialDropout2D': l10n.t(
      'Sets whole channels to 0 by chance ({0} of them on average) and enlarges the others to make up for it. Only while training.',
    ),
    'layer.TransposedConvolution': l10n.t(
      'The way back of a convolution: each number paints a small window of the larger image it makes, with {0} filters.',
    ),
    'layer.UpSampling2D': l10n.t('Makes the image larger: each number fills several places.'),
    'layer.ZeroPadding2D': l10n.t('Puts zeros around the image; its values stay.'),
  };
}

function normalizingLayers() {
  return {
    'layer.BatchNormalization': l10n.t(
      'Moves and scales each of its inputs so that over the batch its mean is 0 and its spread 1; then γ scales it and β moves it, which are learned.',
    ),
    'layer.GroupNormalization': l10n.t(
      'Moves and scales each group of channels of a row so that its mean is 0 and its spread 1; then γ scales it and β moves it, which are learned.',
    ),
    'layer.LayerNormalization': l10n.t(
      'Moves and scales the numbers of each row so that their mean is 0 and their spread 1; then γ scales them and β moves them, which are learned.',
    ),
    'layer.Normalization': l10n.t(
      'Moves and scales each feature so that over the training rows its mean is 0 and its spread 1. Nothing of it is learned: it was measured before the training began.',
    ),
    'layer.Rescaling': l10n.t('Multiplies every number by one number and adds another.'),
  };
}
