/** The live line of a training run. */
import { say } from '../shared/language.ts';
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
  const eta = secondsLeft === null ? [] : [say`ETA ${formatDuration(secondsLeft)}`];
  // What matters least stands last, where a narrow terminal cuts.
  const words = [`${bar} ${epochCount(record)}`, ...eta, ...numbers(record)];
  return words.join(', ').slice(0, Math.max(1, columns - 1));
}

/** `epoch 7/100, loss 0.1234, val_loss 0.2, accuracy 0.98` */
export function epochLine(record: EpochRecord): string {
  return [epochCount(record), ...numbers(record)].join(', ');
}

function epochCount({ epoch, epochs }: EpochRecord): string {
  return say`epoch ${epoch}/${epochs}`;
}

function numbers({ loss, val_loss, metrics }: EpochRecord): string[] {
  const values = { loss, ...(val_loss === undefined ? {} : { val_loss }), ...metrics };
  return Object.entries(values).map(([name, value]) => `${name} ${formatNumber(value)}`);
}
