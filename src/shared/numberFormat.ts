/** Numbers as people read them, in their language. */

/** A loss or metric: four significant digits, exponent where it is very small or large; NaN and infinities by name. */
export function formatValue(value: number, locale?: string): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return marked(value.toExponential(2), locale);
  const options = { maximumSignificantDigits: 4, useGrouping: false } as const;
  return new Intl.NumberFormat(locale, options).format(unsigned(value));
}

/** A value of a table: whole numbers in full, others with six significant digits. */
export function formatDatum(value: number, locale?: string): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const whole = Number.isInteger(value) && size < 1e15;
  if (!whole && size !== 0 && (size < 1e-4 || size >= 1e9)) {
    return marked(String(Number(value.toPrecision(6))), locale);
  }
  const digits = whole ? {} : { maximumSignificantDigits: 6 };
  return new Intl.NumberFormat(locale, { ...digits, useGrouping: false }).format(unsigned(value));
}

/** With the decimal mark of the language: `7,93e-5`. @param text of a number as JavaScript writes it */
export function marked(text: string, locale?: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return text.replace('.', parts.find(({ type }) => type === 'decimal')?.value ?? '.');
}

/** Zero has a sign in memory that says nothing to people. */
function unsigned(value: number): number {
  return value === 0 ? 0 : value;
}

/** `44.3%`; what is there is never 0, nor is what lacks something 100. */
export function formatShare(share: number, locale?: string): string {
  const edge = (share > 0 && share < 5e-4) || (share < 1 && share > 0.9995);
  const maximumFractionDigits = edge ? 4 : 1;
  const options = { style: 'percent', maximumFractionDigits } as const;
  return new Intl.NumberFormat(locale, options).format(share);
}

export function formatCount(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** `640 B`, `23.9 MB`: thousands, not 1024s. */
export function formatBytes(bytes: number, locale?: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const options = { maximumSignificantDigits: 3, useGrouping: false } as const;
  return `${new Intl.NumberFormat(locale, options).format(bytes / 1000 ** power)} ${units[power]!}`;
}

/** Replaces `{0}`, `{1}`, ... by the values, as VS Code's `l10n.t` does. */
export function fillIn(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (hole, index: string) =>
    String(values[Number(index)] ?? hole),
  );
}
