/** `trainbench`: from the words of the command line to an exit code. The core does the work. */
import { fileURLToPath } from 'node:url';
import { startCoreAnywhere } from '../coreProcess/coreClient.ts';
import type { Core } from '../coreProcess/coreClient.ts';
import { errorMessage } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { useLanguage } from '../shared/language.ts';
import { ownRelease } from '../shared/protocol/version.ts';
import { badArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Command, ExitCode } from './command.ts';
import { commandHelp, parseArguments } from './commandLine.ts';
import { commands, generalHelp } from './commandTable.ts';
import { exitCodeOf, printFailure } from './failure.ts';
import { createPaths, startFolder } from './paths.ts';
import { programName } from './programName.ts';
import { createTerminal } from './terminal.ts';

const { stdout, stderr, env } = process;
const terminal = createTerminal({ stdout, stderr, environment: env });
const paths = createPaths(startFolder(env, process.cwd()));

async function main(words: readonly string[]): Promise<ExitCode> {
  await useLanguage(env['TRAINBENCH_LANGUAGE'] || new Intl.NumberFormat().resolvedOptions().locale);
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.print(generalHelp());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    terminal.print(`trainbench ${ownRelease}`);
    return 0;
  }
  const command = commands.find((c) => c.name === name);
  if (command === undefined) {
    throw badArguments(say`there is no command "${name}"; trainbench --help lists them`);
  }
  const given = parseArguments(command, rest);
  if (given.flag('help')) {
    terminal.print(commandHelp(command));
    return 0;
  }
  return runWithCore(command, given);
}

async function runWithCore(command: Command, given: Arguments): Promise<ExitCode> {
  const bundle = fileURLToPath(new URL('core.cjs', import.meta.url));
  const adapter = given.text('adapter');
  const core = await startCoreAnywhere({ bundle, ...(adapter !== undefined && { adapter }) });
  const interrupts = listenForInterrupts(core);
  try {
    const { client } = core;
    const context = { core: client, terminal, paths, program: programName(env) };
    return await command.run({ ...context, onInterrupt: interrupts.on }, given);
  } finally {
    await core.dispose();
  }
}

/** npm passes Ctrl+C on to a program that has it from the terminal already; the echo is no second wish. */
const echoMilliseconds = 500;

/** Ctrl+C goes to the command where it has a use for it; without one, or the second time, it ends us. */
function listenForInterrupts(core: Core) {
  let handler: (() => void) | null = null;
  let last = -Infinity;
  process.on('SIGINT', () => {
    const isEcho = performance.now() - last < echoMilliseconds;
    last = performance.now();
    if (isEcho) return;
    if (handler === null) {
      terminal.status(null);
      void core.dispose().then(() => process.exit(1));
    } else {
      const once = handler;
      handler = null;
      once();
    }
  });
  return { on: (wanted: () => void) => void (handler = wanted) };
}

// `trainbench ... | head` closes stdout early; that is no failure of ours.
stdout.on('error', () => process.exit(0));

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    try {
      printFailure(terminal, paths, error);
    } catch {
      stderr.write(`trainbench: ${errorMessage(error)}\n`); // even a bug in printing says something
    }
    process.exitCode = exitCodeOf(error);
  },
);
