/** Numbers as people read them, in their language. */

/** A loss or metric: four significant digits, exponent where it is very small or large; NaN and infinities by name. */
export function formatValue(value: number, locale?: string): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  const options = { maximumSignificantDigits: 4, useGrouping: false } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}

export function formatCount(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** Replaces `{0}`, `{1}`, ... by the values, as VS Code's `l10n.t` does. */
export function fillIn(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (hole, index: string) =>
    String(values[Number(index)] ?? hole),
  );
}
