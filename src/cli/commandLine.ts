/** From the words after a command's name to its arguments; and the help that says which there are. */
import { parseArgs } from 'node:util';
import { Arguments, badArguments } from './arguments.ts';
import type { Command, OptionSpec } from './command.ts';
import { alignColumns } from './format.ts';

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
