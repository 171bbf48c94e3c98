/** The arguments of a command as typed values. */
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';

/** Values of the options that were given, by name. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(positionals: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.positionals = positionals;
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** @throws AppError `input.invalid` when it is not one of `choices`. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw badArguments(say`--${name} must be one of ${choices.join(', ')}; it is "${value}"`);
  }

  /** @throws AppError `input.invalid` when it is not a whole number from `least` to `most`. */
  wholeNumber(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw badArguments(
      most < Number.MAX_SAFE_INTEGER
        ? say`--${name} must be a whole number from ${least} to ${most}; it is "${value}"`
        : say`--${name} must be a whole number of at least ${least}; it is "${value}"`,
    );
  }
}

export function badArguments(message: string): AppError {
  return new AppError('input.invalid', message);
}
