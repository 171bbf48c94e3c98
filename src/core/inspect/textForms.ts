/** Forms that texts have: dates, two-valued words. */

const day = [
  String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}`, // 2024-02-29
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})`, // 29/2/2024
  String.raw`\p{L}{3,9}\.? \d{1,2},? \d{4}`, // Feb 29, 2024
  String.raw`\d{1,2}(?: de)? \p{L}{3,10}\.?(?: de)? \d{4}`, // 29 de febrero de 2024
].join('|');
const time = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[-+]\d{2}:?\d{2}|[AaPp][Mm])?`;
const datePattern = new RegExp(String.raw`^\s*(?:${day})(?:[T ]${time})?\s*$`, 'u');

/** A day with year, month and day in any usual order, with or without a time. */
export function isDate(text: string): boolean {
  return datePattern.test(text);
}

const pairs = new Set([
  'false true',
  'no yes',
  'n y',
  'f t',
  'no si',
  'no sí',
  'n s',
  'off on',
  '0 1',
  'falso verdadero',
]);

/** Whether two values are a pair like no and yes, in any case of letters. */
export function isBooleanPair(values: readonly string[]): boolean {
  return (
    values.length === 2 &&
    pairs.has(
      values
        .map((value) => value.toLowerCase())
        .sort()
        .join(' '),
    )
  );
}
