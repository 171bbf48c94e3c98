/** From the words after `trainbench` to a command and its checked arguments. */
import { parseArgs } from 'node:util';
import { AppError } from '../shared/errors.ts';
import type { Command, OptionSpec } from './command.ts';

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
    throw badArguments(`--${name} must be one of ${choices.join(', ')}; it is "${value}"`);
  }

  /** @throws AppError `input.invalid` when it is not a whole number of at least `least`. */
  wholeNumber(name: string, least: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= least) return number;
    throw badArguments(`--${name} must be a whole number of at least ${least}; it is "${value}"`);
  }
}

export function badArguments(message: string): AppError {
  return new AppError('input.invalid', message);
}

/** @throws AppError `input.invalid` that says what is wrong and how the command is used. */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, help: helpOption }).map(([name, option]) => [
      name,
      { type: option.argument === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
    });
    if (values['help'] !== true) checkPositionals(command, positionals);
    return new Arguments(positionals, values);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badArguments(`${reason}\nUsage: ${usage(command)}`);
  }
}

const helpOption: OptionSpec = { help: 'show this' };

function checkPositionals({ positionals }: Command, given: readonly string[]): void {
  const missing = positionals.slice(given.length).find((name) => !name.startsWith('['));
  if (missing !== undefined) throw badArguments(`${missing} is missing`);
  const extra = given[positionals.length];
  if (extra !== undefined) throw badArguments(`"${extra}" is one argument too many`);
}

export function usage({ name, positionals, synopsis }: Command): string {
  return ['trainbench', name, ...positionals, synopsis].filter((word) => word !== '').join(' ');
}

/** What `trainbench COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const rows = Object.entries({ ...command.options, help: helpOption }).map(([name, option]) => [
    option.argument === undefined ? `--${name}` : `--${name} ${option.argument}`,
    option.help,
  ]);
  const options = alignColumns(rows);
  return `Usage: ${usage(command)}\n\n${command.summary}\n\nOptions:\n${options}`;
}

/** Rows as lines, indented, the first column padded. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows
    .map(([first = '', ...rest]) => `  ${first.padEnd(width)}  ${rest.join('  ')}`)
    .join('\n');
}
