/** Numbers of a profile in the user's language. */
import { fillIn, formatBytes, formatShare, formatValue } from '../../src/shared/numberFormat.ts';
import type { Profile } from '../../src/shared/protocol/profile.ts';
import { figuresOf } from '../../src/shared/protocol/profileFigures.ts';
import type { ProfileState } from '../../src/shared/protocol/views/profile.ts';

export interface Words {
  readonly texts: ProfileState['texts'];
  readonly locale: string;
}

/** Of a kernel, or of several together. */
export interface Work {
  readonly milliseconds: number;
  readonly operations: number;
  readonly bytes: number;
}

/** `conv1: 2.74 ms, 9.4% of the step, 194 GFLOP/s, 2.9 GB/s, 7.97 MB` */
export function figuresText(
  label: string,
  work: Work,
  { profile, words }: { readonly profile: Profile; readonly words: Words },
): string {
  const { texts, locale } = words;
  const { share, gigaflops, gigabytes } = figuresOf(work, profile);
  return fillIn(
    texts.figures,
    label,
    formatValue(work.milliseconds, locale),
    formatShare(share, locale),
    speedText(gigaflops, locale),
    speedText(gigabytes, locale),
    formatBytes(work.bytes, locale),
  );
}

/** Nothing for what only moves numbers, or is too quick to be measured. */
export function speedText(value: number, locale: string): string {
  if (value === 0) return '';
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, digits).format(value);
}
