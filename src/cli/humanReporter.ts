/** A run for people: a live line on a terminal, some epoch lines elsewhere, and a closing summary. */
import type { Baseline, EpochRecord, InputRow, RunEnd, RunInfo } from '../shared/protocol/core.ts';
import type { CommandContext } from './command.ts';
import { diagnosticLine } from './failure.ts';
import { formatDuration, formatMetrics, formatPrediction } from './format.ts';
import { epochLine, progressLine } from './progressBar.ts';
import type { Reporter } from './reporter.ts';

/** Epoch lines of a run whose output is not a terminal. */
const linesWithoutTerminal = 20;

export function humanReporter(context: CommandContext): Reporter {
  const { terminal, paths } = context;
  const eta = createEta();
  let last: EpochRecord | null = null;
  return {
    begin(info) {
      terminal.status(null);
      for (const d of info.diagnostics) terminal.note(diagnosticLine(d, paths));
      terminal.note(beginLine(info));
    },
    epoch(record) {
      last = record;
      if (terminal.live) terminal.status(progressLine(record, eta(record), terminal.columns));
      else if (worthALine(record)) terminal.note(epochLine(record));
    },
    async end(info, end) {
      const title = `${info.name} ${end.status} after ${end.step} steps`;
      terminal.print(`${terminal.paint('bold', title)} (${formatDuration(end.seconds)})`);
      for (const line of endLines(info, end, last)) terminal.print(line);
      if (end.status !== 'failed') await printPredictions(context, info);
      const run = paths.show(info.directory);
      terminal.print(`Run kept in ${run}`);
      if (end.status === 'stopped') terminal.print(`  go on:    trainbench resume ${quote(run)}`);
    },
    failed: () => undefined,
  };
}

function beginLine(info: RunInfo): string {
  const validation = info.validationRows > 0 ? `, validates on ${info.validationRows}` : '';
  return (
    `${info.name} trains on ${info.trainingRows} rows${validation}: ` +
    `${info.epochs} epochs of ${info.stepsPerEpoch} steps on ${info.device} (${info.backend})`
  );
}

function endLines(info: RunInfo, end: RunEnd, last: EpochRecord | null): string[] {
  const lines = end.verdict === '' ? [] : [`  ${end.verdict}`];
  if (last !== null) lines.push(`  ${epochLine(last)}`);
  if (info.baseline !== null) lines.push(`  ${baselineLine(info.baseline)}`);
  return lines;
}

function baselineLine({ kind, guess, metrics }: Baseline): string {
  const guessing = kind === 'majority' ? `always guessing "${guess}"` : `always guessing ${guess}`;
  return `for comparison, ${guessing}: ${formatMetrics(metrics)}`;
}

/** The rows that the config asks for, and how to ask for more. */
async function printPredictions({ core, terminal, paths }: CommandContext, info: RunInfo) {
  const { directory } = info;
  const { predictions } = await core.request('run/predict', { directory });
  if (predictions.length > 0) terminal.print('Predictions:');
  for (const prediction of predictions) terminal.print(`  ${formatPrediction(prediction)}`);
  const example: InputRow | undefined = predictions[0]?.input;
  const input = example === undefined ? "'{...}'" : quote(JSON.stringify(example));
  terminal.print('Next:');
  terminal.print(`  predict:  trainbench predict ${quote(paths.show(directory))} --input ${input}`);
}

/** As a shell reads it. */
function quote(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function worthALine({ epoch, epochs }: EpochRecord): boolean {
  const every = Math.ceil(epochs / linesWithoutTerminal);
  return epoch === 1 || epoch === epochs || epoch % every === 0;
}

/** Seconds left, from the mean time of the epochs seen so far. */
function createEta(): (record: EpochRecord) => number {
  let seen = 0;
  let seconds = 0;
  return (record) => {
    seen++;
    seconds += record.seconds;
    return (seconds / seen) * (record.epochs - record.epoch);
  };
}
