/** The prediction form's texts in the user's language. */
import { l10n } from 'vscode';
import type { PredictText } from '../../shared/protocol/views/predict.ts';

export function predictTexts(): Readonly<Record<PredictText, string>> {
  return {
    browse: l10n.t('Browse…'),
    copyJson: l10n.t('Copy as JSON'),
    copied: l10n.t('Copied'),
    imageGrey: l10n.t('As the network sees it: {0} × {1} pixels, grey'),
    imageRgb: l10n.t('As the network sees it: {0} × {1} pixels'),
    inputs: l10n.t('Inputs'),
    missing: l10n.t('{0} is needed.'),
    notNumber: l10n.t('{0} is not a number. Write it like 12.5.'),
    optional: l10n.t('May stay empty: {0} stands in.'),
    outside: l10n.t('Training saw {0} to {1}: the answer is a guess beyond that.'),
    prediction: l10n.t('Prediction'),
    probabilities: l10n.t('Probabilities'),
    range: l10n.t('Training saw {0} to {1}.'),
    reset: l10n.t('Start Over'),
    title: l10n.t('Predict {0} with {1}'),
  };
}
