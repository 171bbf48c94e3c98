/** Every command of `trainbench`, in the order in which help shows them. */
import { say } from '../shared/language.ts';
import type { Command } from './command.ts';
import { devices } from './commands/devices.ts';
import { evaluate } from './commands/evaluate.ts';
import { explain } from './commands/explain.ts';
import { exportRun } from './commands/exportRun.ts';
import { inspect } from './commands/inspect.ts';
import { installCuda } from './commands/installCuda.ts';
import { predict } from './commands/predict.ts';
import { profile } from './commands/profile.ts';
import { propose } from './commands/propose.ts';
import { resume } from './commands/resume.ts';
import { runs } from './commands/runs.ts';
import { serve } from './commands/serve.ts';
import { summary } from './commands/summary.ts';
import { train } from './commands/train.ts';
import { validate } from './commands/validate.ts';
import { alignColumns } from './format.ts';

export const commands: readonly Command[] = [
  train,
  resume,
  evaluate,
  predict,
  serve,
  explain,
  profile,
  exportRun,
  propose,
  inspect,
  summary,
  validate,
  devices,
  installCuda,
  runs,
];

export function generalHelp(): string {
  const rows = commands.map(({ name, summary: text }) => [name, text()]);
  return [
    say('Usage: trainbench COMMAND [arguments]'),
    '',
    alignColumns(rows),
    '',
    say(
      'trainbench COMMAND --help tells more. Exit codes: 0 ok, 1 failed, 2 wrong config or arguments.',
    ),
  ].join('\n');
}
