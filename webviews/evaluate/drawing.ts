import { formatValue } from '../../src/shared/numberFormat.ts';
import type { EvaluateState } from '../../src/shared/protocol/views/evaluate.ts';

/** What all parts of the page draw from. */
export interface Drawing {
  readonly texts: EvaluateState['texts'];
  readonly locale: string;
}

export function number(value: number | null | undefined, { locale }: Drawing): string {
  return value === null || value === undefined ? '–' : formatValue(value, locale);
}

export function percent(value: number, { locale }: Drawing): string {
  const options = { style: 'percent', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
