/** A line of arithmetic as people write it, first in letters, then with the numbers put in. */

export interface FormulaLine {
  /** What is worked out: `m′`. */
  readonly name: string;
  /** `0.9 × m + 0.1 × g` */
  readonly letters: string;
  /** `0.9 × 0.02 + 0.1 × (-0.5)` */
  readonly numbers: string;
  /** In float64; the device works in float32. */
  readonly value: number;
}

/** A number in the user's language. */
export type FormatNumber = (value: number) => string;

/** Writes lines, each of which may use the names of those before it. */
export class Formulas {
  readonly lines: FormulaLine[] = [];
  readonly #known = new Map<string, number>();
  readonly #format: FormatNumber;

  constructor(known: Readonly<Record<string, number>>, format: FormatNumber) {
    for (const [name, value] of Object.entries(known)) this.#known.set(name, value);
    this.#format = format;
  }

  /** A number of the config, written as such in the letters too. */
  number(value: number): string {
    return this.#format(value);
  }

  of(name: string): number {
    return this.#known.get(name) ?? Number.NaN;
  }

  add(name: string, letters: string, value: number): void {
    const numbers = putIn(letters, (letter) => {
      const known = this.#known.get(letter);
      return known === undefined ? letter : withSign(known, this.#format);
    });
    this.lines.push({ name, letters, numbers, value });
    this.#known.set(name, value);
  }
}

/** Names are letters, Greek ones too, and may have a prime. */
const names = /[A-Za-zα-ωγ]+′?/gu;

function putIn(letters: string, replace: (name: string) => string): string {
  return letters.replace(names, replace);
}

/** A negative number within a formula stands in parentheses. */
export function withSign(value: number, format: FormatNumber): string {
  const text = format(value);
  return value < 0 ? `(${text})` : text;
}

/** `w − r × g = 0.5 − 0.1 × 0.2 = 0.48`; what says nothing new is left out. */
export function lineText({ name, letters, numbers, value }: FormulaLine, format: FormatNumber) {
  const steps = [name, letters, numbers, format(value)];
  return steps.filter((step, i) => step !== steps[i - 1]).join(' = ');
}
