/** From the words after a command's name to its arguments; and the help that says which there are. */
import { parseArgs } from 'node:util';
import { errorMessage, isError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
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
    const reason = isError(error, 'input.invalid') ? errorMessage(error) : parseProblem(error);
    throw badArguments(`${reason}\n${say`Usage: ${usage(command)}`}`);
  }
}

/** What `parseArgs` of Node finds wrong; it names the option in quotes. */
function parseProblem(error: unknown): string {
  const message = errorMessage(error);
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const option = /'([^']*)'/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return say`there is no option ${option}`;
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return message;
  return /does not take/.test(message)
    ? say`option ${option} takes no value`
    : say`option ${option} needs a value`;
}

const helpOption: OptionSpec = { help: () => say('show this') };

function checkPositionals({ positionals }: Command, given: readonly string[]): void {
  const missing = positionals.slice(given.length).find((name) => !name.startsWith('['));
  if (missing !== undefined) throw badArguments(say`${missing} is missing`);
  const extra = given[positionals.length];
  if (extra !== undefined) throw badArguments(say`"${extra}" is one argument too many`);
}

export function usage({ name, positionals, synopsis }: Command): string {
  return ['trainbench', name, ...positionals, synopsis].filter((word) => word !== '').join(' ');
}

/** What `trainbench COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const rows = Object.entries({ ...command.options, help: helpOption }).map(([name, option]) => [
    option.argument === undefined ? `--${name}` : `--${name} ${option.argument}`,
    option.help(),
  ]);
  const options = alignColumns(rows);
  const head = say`Usage: ${usage(command)}`;
  return `${head}\n\n${command.summary()}\n\n${say('Options:')}\n${options}`;
}
