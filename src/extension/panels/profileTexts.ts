/** The profile's texts in the user's language. */
import { l10n } from 'vscode';
import type { ProfileText } from '../../shared/protocol/views/profile.ts';

export function profileTexts(): Readonly<Record<ProfileText, string>> {
  return {
    again: l10n.t('Measure Again'),
    allKernels: l10n.t('All kernels'),
    allLayers: l10n.t('all layers'),
    asTrained: l10n.t('A step as it is trained'),
    batch: l10n.t('Batch'),
    busy: l10n.t('A training ran meanwhile: alone, all of this is quicker.'),
    bytes: l10n.t('Bytes Moved'),
    cancel: l10n.t('Cancel'),
    computes: l10n.t('Computes'),
    data: l10n.t('data'),
    device: l10n.t('Device'),
    figures: l10n.t('{0}: {1} ms, {2} of the step, {3} GFLOP/s, {4} GB/s, {5}'),
    flame: l10n.t('Flame'),
    flameHint: l10n.t(
      'Step, layers, passes, kernels: as wide as the time they take. Arrow keys go from one to the next, Enter or a click looks closer, Escape goes back.',
    ),
    forward: l10n.t('forward'),
    inputGradient: l10n.t('input gradient'),
    kernels: l10n.t('Kernels timed one by one'),
    layer: l10n.t('Layer'),
    layers: l10n.t('{0} layers'),
    loss: l10n.t('loss'),
    measuring: l10n.t('Measuring some steps…'),
    memory: l10n.t('Memory'),
    memoryParts: l10n.t(
      '{0}: {1} for the values of a step at their peak, {2} for weights and optimizer, {3} for results, {4} for the data',
    ),
    metrics: l10n.t('metrics'),
    pass: l10n.t('Pass'),
    share: l10n.t('Share'),
    showKernels: l10n.t('Show Generated Kernels'),
    step: l10n.t('Step'),
    table: l10n.t('Table'),
    threads: l10n.t('Threads'),
    timed: l10n.t('{0} ms, over {1} steps'),
    title: l10n.t('Where a step of {0} goes'),
    update: l10n.t('update'),
    weightGradient: l10n.t('weight gradient'),
  };
}
