/** The moments a run's weights can be seen at: its snapshots, and the latest. No DOM. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { WeightsState } from '../../src/shared/protocol/views/weights.ts';

/** Step of a snapshot; null is the latest. */
export type Moment = number | null;

/** Where the slider stands: the snapshots by number, the latest after them. A snapshot that went gives way to the next. */
export function positionOf(moment: Moment, { snapshots }: Pick<WeightsState, 'snapshots'>): number {
  if (moment === null) return snapshots.length;
  const next = snapshots.findIndex(({ step }) => step >= moment);
  return next < 0 ? snapshots.length : next;
}

export function momentAt(position: number, { snapshots }: Pick<WeightsState, 'snapshots'>): Moment {
  return snapshots[position]?.step ?? null;
}

/** "Epoch 12, step 576"; "Epoch 12.5" in the middle of the thirteenth. */
export function momentText(moment: Moment, state: WeightsState, locale: string): string {
  const { texts, snapshots } = state;
  const snapshot = snapshots.find(({ step }) => step === moment);
  if (snapshot === undefined) return state.live ? texts.latest : texts.final;
  const digits = { maximumFractionDigits: 2 };
  const epoch = new Intl.NumberFormat(locale, digits).format(snapshot.epoch);
  const step = fillIn(texts.step, formatCount(snapshot.step, locale));
  return `${texts.epoch} ${epoch}, ${step}`;
}
