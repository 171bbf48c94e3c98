/**
 * JSON has no NaN and no infinities. Everywhere we write JSON about a run (its files, `--json`) they are
 * the strings "NaN", "Infinity" and "-Infinity".
 */

/** One line of JSON. */
export function stringifyNumbers(value: unknown, indent = 0): string {
  return JSON.stringify(
    value,
    (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v),
    indent,
  );
}

const nonFinite = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** The way back. @throws SyntaxError where `text` is not JSON. */
export function parseNumbers(text: string): unknown {
  return JSON.parse(text, (_, v: unknown) =>
    typeof v === 'string' ? (nonFinite.get(v) ?? v) : v,
  ) as unknown;
}
