/** The loss plot's texts in the user's language. */
import { l10n } from 'vscode';
import type { LossPlotText } from '../../shared/protocol/views/lossPlot.ts';

export function lossPlotTexts(): Readonly<Record<LossPlotText, string>> {
  return { ...runTexts(), ...chartTexts(), ...tableTexts() };
}

function runTexts() {
  return {
    continue: l10n.t('Continue'),
    elapsed: l10n.t('trained for {0}'),
    epochOf: l10n.t('Epoch {0} of {1}'),
    epochSummary: l10n.t('Epoch {0} of {1}: training loss {2}'),
    pace: l10n.t('{0} steps/s'),
    pause: l10n.t('Pause'),
    predict: l10n.t('Predict'),
    remaining: l10n.t('{0} left'),
    rowsPerSecond: l10n.t('{0} rows/s'),
    resume: l10n.t('Resume'),
    'state.completed': l10n.t('Completed'),
    'state.completedEarly': l10n.t('Completed early, by a callback of its config'),
    'state.failed': l10n.t('Failed'),
    'state.interrupted': l10n.t('Interrupted'),
    'state.paused': l10n.t('Paused'),
    'state.preparing': l10n.t('Preparing'),
    'state.running': l10n.t('Training'),
    'state.stopped': l10n.t('Stopped'),
    stepLoss: l10n.t('Loss of the last step {0}'),
    stepOf: l10n.t('Step {0} of {1}'),
    stepOnce: l10n.t('Step'),
    stop: l10n.t('Stop'),
    weights: l10n.t('Weights'),
  };
}

function chartTexts() {
  return {
    addRun: l10n.t('Add Run…'),
    axis: l10n.t('Axis'),
    'axis.epoch': l10n.t('Epochs'),
    'axis.step': l10n.t('Steps'),
    baseline: l10n.t('Baseline'),
    becameNotFinite: l10n.t('{0}: the value became {1} at {2} {3}.'),
    chartHelp: l10n.t(
      '{0}. Arrow keys move the crosshair, plus and minus zoom, 0 shows everything.',
    ),
    epoch: l10n.t('Epoch'),
    fit: l10n.t('Show All'),
    'kind.step': l10n.t('Training, per step'),
    'kind.training': l10n.t('Training'),
    'kind.validation': l10n.t('Validation'),
    learningRate: l10n.t('Learning rate'),
    log: l10n.t('Logarithmic'),
    loss: l10n.t('Loss'),
    moreRuns: l10n.t('and {0} more'),
    removeRun: l10n.t('Remove {0} from the plot'),
    runs: l10n.t('{0} runs'),
    smoothed: l10n.t('{0} (smoothed: {1})'),
    smoothing: l10n.t('Smoothing'),
    step: l10n.t('Step'),
    validation: l10n.t('validation'),
    validationLoss: l10n.t('Validation loss'),
  };
}

function tableTexts() {
  return {
    copyCsv: l10n.t('Copy as CSV'),
    exportCsv: l10n.t('Save as CSV…'),
    nextRows: l10n.t('Next rows'),
    previousRows: l10n.t('Previous rows'),
    rowsOf: l10n.t('{0} to {1} of {2}'),
    run: l10n.t('Run'),
    seconds: l10n.t('Seconds'),
    showTable: l10n.t('Show as Table'),
  };
}
