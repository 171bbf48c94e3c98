/** The live line of a training run. */
import type { EpochRecord } from '../shared/protocol/core.ts';
import { formatDuration, formatNumber } from './format.ts';

const barWidth = 20;

/** @param secondsLeft null while unknown. */
export function progressLine(
  record: EpochRecord,
  secondsLeft: number | null,
  columns: number,
): string {
  const { epoch, epochs } = record;
  const filled = Math.round((barWidth * epoch) / epochs);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const eta = secondsLeft === null ? '' : `, ETA ${formatDuration(secondsLeft)}`;
  return `${bar} ${epochLine(record)}${eta}`.slice(0, Math.max(1, columns - 1));
}

/** `epoch 7/100, loss 0.1234, val_loss 0.2, accuracy 0.98` */
export function epochLine({ epoch, epochs, loss, val_loss, metrics }: EpochRecord): string {
  const values = { loss, ...(val_loss === undefined ? {} : { val_loss }), ...metrics };
  const shown = Object.entries(values).map(([name, value]) => `${name} ${formatNumber(value)}`);
  return [`epoch ${epoch}/${epochs}`, ...shown].join(', ');
}
