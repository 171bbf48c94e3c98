/** Where an axis has its ticks, and what they say. */
import { formatValue } from '../../src/shared/numberFormat.ts';

export interface Ticks {
  readonly values: readonly number[];
  /** Between neighbours; 0 where they are not evenly spaced. */
  readonly step: number;
}

export interface TickWish {
  readonly low: number;
  readonly high: number;
  readonly most: number;
  /** The least distance between two, as 1 for what is counted. */
  readonly least?: number;
}

const roundSteps = [1, 2, 5, 10];

/** At 1, 2 or 5 times a power of ten. */
export function linearTicks({ low, high, most, least = 0 }: TickWish): Ticks {
  const rough = Math.max((high - low) / Math.max(1, most), least, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * roundSteps.find((round) => round * power >= rough * (1 - 1e-9))!;
  const start = Math.ceil(low / step - 1e-9);
  const end = Math.floor(high / step + 1e-9);
  // A product rather than a sum: 0.3, not 0.30000000000000004.
  const count = Math.min(Math.max(0, end - start + 1), 1000);
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1);
  const values = Array.from({ length: count }, (_, i) =>
    digits > 100 ? (start + i) * step : Number(((start + i) * step).toFixed(Math.min(digits, 100))),
  );
  return { values, step };
}

/** Powers of ten, with 2 and 5 between where there are few; evenly where the range is within one of them. */
export function logTicks(wish: TickWish): Ticks {
  const { low, high, most } = wish;
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = last - first;
  const stride = Math.max(1, Math.ceil(powers / most));
  const decades = Math.log10(high / low);
  const multiples = stride === 1 && 3 * decades <= most ? [1, 2, 5] : [1];
  const values: number[] = [];
  for (let power = first; power <= last; power += stride) {
    values.push(...multiples.map((multiple) => Number(`${multiple}e${power}`)));
  }
  const inside = values.filter((value) => value >= low && value <= high);
  return inside.length >= 2 ? { values: inside, step: 0 } : linearTicks(wish);
}

export function tickText(value: number, { step }: Ticks, locale: string): string {
  const size = Math.abs(value);
  const isExtreme = size !== 0 && (size < 1e-4 || size >= 1e6);
  if (step === 0 || isExtreme || step < 1e-6) return formatValue(value, locale);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
