/** Where the bins of a histogram lie, and how the keyboard goes from one to the next. No DOM. */
import type { Histogram as Bins } from '../../src/shared/protocol/dataReport.ts';

/** The ends of a bin. Halves, because max - min may be beyond the range of a double. */
export function binRange({ min, max, counts }: Bins, bin: number): { from: number; to: number } {
  const at = (share: number) => {
    if (share === 0) return min;
    const value = 2 * (min / 2 + (max / 2 - min / 2) * share);
    return share === 1 ? max : Math.max(min, Math.min(max, value));
  };
  return { from: at(bin / counts.length), to: at((bin + 1) / counts.length) };
}

/** The share of the range that is below zero; null where zero is outside. */
export function zeroAt({ min, max }: Pick<Bins, 'min' | 'max'>): number | null {
  return min < 0 && max > 0 ? -min / 2 / (max / 2 - min / 2) : null;
}

/** Left and right, Home and End, never out of the picture; null for any other key. */
export function moveBin(key: string, bin: number, count: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: Math.max(0, bin - 1),
    ArrowRight: Math.min(count - 1, bin + 1),
    Home: 0,
    End: count - 1,
  };
  return Object.hasOwn(targets, key) ? targets[key]! : null;
}
