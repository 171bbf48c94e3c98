/** What the page looks at, and how that comes back after the tab was hidden or the window reloaded. No DOM. */
import type { ExplainState, Looking } from '../../src/shared/protocol/views/explain.ts';

const nothingChosen: Looking = { step: null, batch: null, row: 0, units: {}, weight: null };

/** A run on disk is told from its first step on, where most is to be seen; one that trains by its next step. */
export function firstLook({ live, moments }: Pick<ExplainState, 'live' | 'moments'>): Looking {
  return { ...nothingChosen, step: live ? null : (moments[0] ?? null) };
}

/** Null for what is no such thing: another version of ours may have kept it. */
export function parseLooking(kept: unknown): Looking | null {
  if (!isRecord(kept)) return null;
  const { step, batch, row, units, weight } = kept;
  const isPlace = (value: unknown) => value === null || isCount(value);
  if (!isPlace(step) || !isPlace(batch) || !isCount(row)) return null;
  if (!isRecord(units) || !Object.values(units).every(isCount)) return null;
  if (weight !== null && !isWeight(weight)) return null;
  return kept as unknown as Looking;
}

function isWeight(value: unknown): boolean {
  return isRecord(value) && typeof value['tensor'] === 'string' && isCount(value['index']);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
