/** The texts of the evaluation view, in the user's language. */
import { l10n } from 'vscode';
import type { EvaluateText } from '../../shared/protocol/views/evaluate.ts';

export function evaluateTexts(): Readonly<Record<EvaluateText, string>> {
  return {
    'part.file': l10n.t('Rows of {0}'),
    'part.test': l10n.t('Test Rows'),
    'part.train': l10n.t('Training Rows'),
    'part.validation': l10n.t('Validation Rows'),
    averaged: l10n.t('moving average of the weights'),
    baseline: l10n.t('Without a Model'),
    binText: l10n.t('{0} to {1}: {2}'),
    cancel: l10n.t('Cancel'),
    chooseFile: l10n.t('Rows of a File…'),
    class: l10n.t('Class'),
    confusion: l10n.t('Which Classes Are Taken for Which'),
    confusionText: l10n.t(
      'A row is a true class, a column what the model says. On the diagonal it is right. Below each count stands its share of the row.',
    ),
    epoch: l10n.t('Epoch {0}'),
    here: l10n.t('These Rows'),
    kept: l10n.t('Best, or Last'),
    last: l10n.t('Last'),
    leftOut: l10n.t('{0} rows of the file are left out:'),
    loss: l10n.t('Loss'),
    metric: l10n.t('Metric'),
    noWorst: l10n.t('There is no row to show.'),
    perClass: l10n.t('Class by Class'),
    predicted: l10n.t('Predicted'),
    problems: l10n.t('Rows Left Out'),
    recordedTrain: l10n.t('Training, Epoch {0}'),
    recordedValidation: l10n.t('Validation, Epoch {0}'),
    residuals: l10n.t('Predicted Less True'),
    residualsText: l10n.t('Mean {0}, standard deviation {1}'),
    row: l10n.t('Row'),
    rows: l10n.t('Rows'),
    rowsOf: l10n.t('Rows'),
    saveCsv: l10n.t('Save as CSV'),
    saveJson: l10n.t('Save as JSON'),
    scatter: l10n.t('Predicted and True: {0}'),
    scatterText: l10n.t(
      'Across the true value, upwards the predicted one. On the line both are the same.',
    ),
    title: l10n.t('Evaluation of {0}'),
    true: l10n.t('True'),
    weights: l10n.t('Weights'),
    weightsAt: l10n.t('Weights after step {0}, epoch {1}'),
    worst: l10n.t('Where It Is Most Wrong'),
    worstText: l10n.t('The rows with the highest loss, the worst first.'),
  };
}
