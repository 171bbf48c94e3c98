/** The loss plot's texts in the user's language. */
import { l10n } from 'vscode';
import type { LossPlotText } from '../../shared/protocol/views/lossPlot.ts';

export function lossPlotTexts(): Readonly<Record<LossPlotText, string>> {
  return {
    baseline: l10n.t('Baseline'),
    continue: l10n.t('Continue'),
    epoch: l10n.t('Epoch'),
    epochOf: l10n.t('Epoch {0} of {1}'),
    epochSummary: l10n.t('Epoch {0} of {1}: training loss {2}'),
    loss: l10n.t('Loss'),
    metrics: l10n.t('Metrics'),
    pause: l10n.t('Pause'),
    predict: l10n.t('Predict'),
    'state.completed': l10n.t('Completed'),
    resume: l10n.t('Resume'),
    'state.interrupted': l10n.t('Interrupted'),
    'state.failed': l10n.t('Failed'),
    'state.paused': l10n.t('Paused'),
    'state.preparing': l10n.t('Preparing'),
    'state.running': l10n.t('Training'),
    'state.stopped': l10n.t('Stopped'),
    stepOf: l10n.t('Step {0} of {1}'),
    stop: l10n.t('Stop'),
    training: l10n.t('Training'),
    trainingLoss: l10n.t('Training loss'),
    trainingLossPerStep: l10n.t('Training loss per step'),
    validation: l10n.t('validation'),
    validationLoss: l10n.t('Validation loss'),
  };
}
