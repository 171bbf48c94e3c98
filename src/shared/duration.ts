/** Wall time as people say it: two units at most. */

/** @param seconds not negative. */
export function formatDuration(seconds: number, locale?: string): string {
  if (seconds < 60) {
    const digits = seconds < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 };
    return inUnit(seconds, 'second', locale, digits);
  }
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0)
    return `${inUnit(minutes, 'minute', locale)} ${inUnit(whole % 60, 'second', locale)}`;
  return `${inUnit(hours, 'hour', locale)} ${inUnit(minutes % 60, 'minute', locale)}`;
}

function inUnit(
  value: number,
  unit: 'second' | 'minute' | 'hour',
  locale?: string,
  digits: Intl.NumberFormatOptions = {},
): string {
  const options = { style: 'unit', unit, unitDisplay: 'short', ...digits } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
