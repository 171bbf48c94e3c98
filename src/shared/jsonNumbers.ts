/**
 * JSON has no NaN and no infinities. Everywhere we write JSON about a run (its files, `--json`) they are
 * the strings "NaN", "Infinity" and "-Infinity".
 */

/** One line of JSON. */
export function stringifyNumbers(value: unknown, indent = 0): string {
  // A replacer takes several times as long, and nearly everything is finite: what is not becomes null without it.
  const text = indent === 0 ? JSON.stringify(value) : JSON.stringify(value, null, indent);
  if (!text.includes('null')) return text;
  return JSON.stringify(
    value,
    (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v),
    indent,
  );
}

const nonFinite = new Map<unknown, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** The way back, for a value that should be a number; anything else is returned as it is. */
export function numberFromJson(value: unknown): unknown {
  return nonFinite.get(value) ?? value;
}

/** A number in a message that is JSON on its way. */
export type JsonNumber = number | string;

export function toJsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : String(value);
}

export function fromJsonNumber(value: JsonNumber): number {
  return Number(value);
}
