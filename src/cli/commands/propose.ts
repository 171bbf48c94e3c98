import { writeFile } from 'node:fs/promises';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { badArguments } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { diagnosticLine } from '../failure.ts';
import { withProgress } from '../showProgress.ts';

export const propose: Command = {
  name: 'propose',
  summary: () =>
    say(
      'Looks at a table (CSV, JSON or JSON Lines), a folder of images or NumPy arrays, and writes a config that trains on it.',
    ),
  positionals: ['FILE'],
  synopsis: '[--target NAME] [--out FILE.train.yaml] [--force]',
  options: {
    target: { argument: 'NAME', help: () => say('column to predict; by default the likeliest') },
    out: { argument: 'FILE', help: () => say('file to write; by default it is printed') },
    force: { help: () => say('overwrite that file') },
  },
  async run(context, given) {
    const { core, terminal, paths } = context;
    const target = given.text('target');
    const out = given.text('out');
    if (out !== undefined && !/\.ya?ml$/i.test(out)) {
      throw badArguments(
        say`the config is written as YAML: --out must end in .yaml; it is "${out}"`,
      );
    }
    const configFile = out === undefined ? undefined : paths.resolve(out);
    const { text, diagnostics } = await withProgress(context, () =>
      core.request('config/propose', {
        dataFile: paths.resolve(given.positionals[0]!),
        ...(target === undefined ? {} : { target }),
        ...(configFile === undefined ? {} : { configFile }),
      }),
    );
    for (const diagnostic of diagnostics) terminal.note(diagnosticLine(diagnostic, paths));
    if (text === null) return 2;
    if (configFile === undefined) terminal.print(text.trimEnd());
    else await write(context, { file: configFile, text, force: given.flag('force') });
    return 0;
  },
};

interface Written {
  readonly file: string;
  readonly text: string;
  readonly force: boolean;
}

async function write(
  { terminal, paths, program }: CommandContext,
  { file, text, force }: Written,
): Promise<void> {
  const shown = paths.show(file);
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw badArguments(say`${shown} is there already; --force overwrites it`);
    }
    const message = say`cannot write ${shown}: ${errorMessage(cause)}`;
    throw new AppError('file.notWritable', message, { cause });
  }
  terminal.print(shown);
  terminal.note(say`Train it: ${program} train ${/\s/.test(shown) ? `"${shown}"` : shown}`);
}
