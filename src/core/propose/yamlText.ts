/** Single values as YAML 1.1 and 1.2 read them alike, and comments that stay on their line. */

/** Begins with a letter and holds nothing that means something in YAML. */
const plain = /^[\p{L}_](?:[\p{L}\p{N}_ .()/-]*[\p{L}\p{N}_.()/-])?$/u;
const reserved = /^(?:yes|no|on|off|true|false|null|y|n)$/i;

/** A name: in quotes where it needs them. */
export function text(value: string): string {
  return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value);
}

/** A category: a whole number is written as one. */
export function category(value: string): string {
  return /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? value : text(value);
}

/** Six significant digits; an exponent with point and sign, without which YAML 1.1 reads text. */
export function number(value: number): string {
  const written = String(Number(value.toPrecision(6)));
  return written.replace(/^([^.e]*)(\.\d+)?e([-+])/, (_, whole, decimals, sign) => {
    return `${String(whole)}${String(decimals ?? '.0')}e${String(sign)}`;
  });
}

/** ` # ...` on one line, whatever the text holds. */
export function comment(said: string): string {
  return ` # ${oneLine(said)}`;
}

/** Line breaks (those of Unicode too) and other control characters would end a comment or hide what it says. */
export function oneLine(said: string): string {
  return said.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
