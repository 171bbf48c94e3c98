/** What the view says in words: the state line, and the line a screen reader hears. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';

/** State, epoch, step, loss and device, as far as they are known. */
export function stateLine(state: LossPlotState, locale: string): readonly string[] {
  const { texts, epochs, stepsPerEpoch, loss } = state;
  if (state.state === 'preparing') return [state.progress?.message ?? texts['state.preparing']];
  const line: string[] = [texts[`state.${state.state}`]];
  const epoch = state.epochRecords.at(-1)?.epoch ?? 0;
  if (epochs > 0)
    line.push(fillIn(texts.epochOf, formatCount(epoch, locale), formatCount(epochs, locale)));
  if (stepsPerEpoch > 0) {
    const all = formatCount(epochs * stepsPerEpoch, locale);
    line.push(fillIn(texts.stepOf, formatCount(loss.length, locale), all));
  }
  if (loss.length > 0) line.push(`${texts.loss} ${formatValue(loss.at(-1)!, locale)}`);
  if (state.device !== '') line.push(state.device);
  return line;
}

/** One sentence per epoch, with every metric. */
export function epochSentence(state: LossPlotState, record: EpochRecord, locale: string): string {
  const { texts } = state;
  const loss = formatValue(record.loss, locale);
  const parts = [
    fillIn(
      texts.epochSummary,
      formatCount(record.epoch, locale),
      formatCount(record.epochs, locale),
      loss,
    ),
  ];
  if (record.val_loss !== undefined) {
    parts.push(`${texts.validationLoss} ${formatValue(record.val_loss, locale)}`);
  }
  for (const [name, value] of Object.entries(record.metrics)) {
    parts.push(`${metricLabel(name, texts)} ${formatValue(value, locale)}`);
  }
  return parts.join(', ');
}

/** `val_accuracy` is "accuracy (validation)" in legend and sentence. */
export function metricLabel(name: string, texts: LossPlotState['texts']): string {
  const plain = name.replace(/^val_/, '').replaceAll('_', ' ');
  return name.startsWith('val_') ? `${plain} (${texts.validation})` : plain;
}
