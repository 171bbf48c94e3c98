/** The weights view's texts in the user's language. */
import { l10n } from 'vscode';
import type { WeightsText } from '../../shared/protocol/views/weights.ts';

export function weightsTexts(): Readonly<Record<WeightsText, string>> {
  return {
    bin: l10n.t('{0} to {1}: {2}'),
    block: l10n.t('{0}: mean {1}, from {2} to {3}'),
    columnsAfter: l10n.t('Columns After'),
    columnsBefore: l10n.t('Columns Before'),
    count: l10n.t('Values'),
    epoch: l10n.t('Epoch'),
    final: l10n.t('final, used to predict'),
    heatmap: l10n.t('Heatmap of {0}. The arrow keys read its values.'),
    histogram: l10n.t('Histogram of {0}: most values are from {1} to {2}.'),
    infinite: l10n.t('Infinite'),
    kernelKeras: l10n.t('[in, out]: a row for each input, a column for each unit'),
    kernelPytorch: l10n.t('[out, in]: a row for each unit, a column for each input'),
    later: l10n.t('This run kept no weights of that epoch any longer; move the slider again.'),
    latest: l10n.t('latest'),
    layout: l10n.t('Layout of Kernels'),
    layoutKeras: l10n.t('As Keras: [in, out]'),
    layoutPytorch: l10n.t('As PyTorch: [out, in]'),
    max: l10n.t('Largest'),
    mean: l10n.t('Mean'),
    min: l10n.t('Smallest'),
    moments: l10n.t('Weights as of'),
    nan: l10n.t('Not a Number'),
    noWeights: l10n.t('This model has no weights.'),
    numbers: l10n.t('Numbers'),
    numbersOf: l10n.t('Rows {0} to {1} of {2}, columns {3} to {4} of {5}'),
    rowsAfter: l10n.t('Rows After'),
    rowsBefore: l10n.t('Rows Before'),
    std: l10n.t('Standard Deviation'),
    step: l10n.t('step {0}'),
    vector: l10n.t('one value for each unit'),
    zeros: l10n.t('Zeros'),
  };
}
