/** Follows a run from its first request to its end: what `train` and `resume` share. */
import { AppError, isError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { RunEnd, RunInfo } from '../shared/protocol/core.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { humanReporter } from './humanReporter.ts';
import { jsonReporter } from './jsonReporter.ts';

/** Asks the core for the run; `signal` aborts when the user gives up before training begins. */
type Begin = (signal: AbortSignal) => Promise<RunInfo>;

export async function watchRun(
  context: CommandContext,
  begin: Begin,
  json: boolean,
): Promise<ExitCode> {
  const reporter = json ? jsonReporter(context) : humanReporter(context);
  const { core, terminal } = context;
  const ended = new Promise<RunEnd>((resolve, reject) => {
    core.on('run/end', ({ end }) => resolve(end));
    core.onClose(reject);
  });
  ended.catch(() => undefined); // a core that dies before the run began fails `begin`
  core.on('run/preparing', ({ message, fraction }) => {
    const percent = fraction === null ? '' : ` ${Math.round(fraction * 100)} %`;
    terminal.status(`${message}${percent}`);
  });
  core.on('run/epochs', ({ records }) => records.forEach((record) => reporter.epoch(record)));
  core.on('run/steps', ({ means = [] }) => means.forEach((mean) => reporter.steps(mean)));
  core.on('log/line', ({ level, message }) => {
    if (level === 'warning' || level === 'error') terminal.note(`${level}: ${message}`);
  });
  const stopper = createStopper(context);
  try {
    const info = await begin(stopper.signal);
    stopper.runs(info);
    reporter.begin(info);
    const end = await ended;
    terminal.status(null);
    await reporter.end(info, end);
    if (end.error !== undefined) terminal.note(`trainbench: ${end.error.message}`);
    return end.status === 'failed' ? 1 : 0;
  } catch (error) {
    terminal.status(null);
    reporter.failed(error);
    if (isError(error, 'protocol.cancelled')) {
      throw new AppError(
        'protocol.cancelled',
        say('stopped before training began; nothing was kept'),
      );
    }
    throw error;
  }
}

/** First Ctrl+C stops and keeps; the caller ends the process on the second. */
function createStopper({ core, terminal, onInterrupt }: CommandContext) {
  const controller = new AbortController();
  let info: RunInfo | null = null;
  const stop = ({ runId }: RunInfo) => {
    // The end of the run arrives as an event, and a core that dies fails that wait.
    core.request('run/stop', { runId }).catch(() => undefined);
  };
  onInterrupt(() => {
    terminal.note(say('Stopping; what was learned is kept. Ctrl+C again ends at once.'));
    controller.abort();
    if (info !== null) stop(info);
  });
  return {
    signal: controller.signal,
    runs(begun: RunInfo) {
      info = begun;
      if (controller.signal.aborted) stop(begun);
    },
  };
}
