/** A run for people: a live line on a terminal, some epoch lines elsewhere, and a closing summary. */
import { say } from '../shared/language.ts';
import type {
  Baseline,
  EpochRecord,
  Prediction,
  RunEnd,
  RunInfo,
} from '../shared/protocol/core.ts';
import type { CommandContext } from './command.ts';
import { diagnosticLine } from './failure.ts';
import {
  alignColumns,
  formatElapsed,
  formatMetrics,
  formatNumber,
  formatPrediction,
} from './format.ts';
import { epochLine, progressLine } from './progressBar.ts';
import type { Reporter } from './reporter.ts';

/** Epoch lines of a run whose output is not a terminal. */
const linesWithoutTerminal = 20;
/** Epochs may be quicker than eyes and terminals. */
const redrawMilliseconds = 50;

export function humanReporter(context: CommandContext): Reporter {
  const { terminal, paths } = context;
  const eta = createEta();
  let last: EpochRecord | null = null;
  let drawn = -Infinity;
  return {
    begin(info) {
      terminal.status(null);
      for (const d of info.diagnostics) terminal.note(diagnosticLine(d, paths));
      terminal.note(beginLine(info));
      if (info.choice !== undefined) terminal.note(say`device auto: ${info.choice.reason}`);
    },
    steps({ epoch, step, loss }) {
      terminal.note(say`epoch ${epoch}, step ${step}: loss ${formatNumber(loss)}`);
    },
    epoch(record) {
      last = record;
      const secondsLeft = eta(record);
      const now = performance.now();
      if (!terminal.live) {
        if (worthALine(record)) terminal.note(epochLine(record));
      } else if (now - drawn > redrawMilliseconds) {
        drawn = now;
        terminal.status(progressLine(record, secondsLeft, terminal.columns));
      }
    },
    async end(info, end) {
      const title = terminal.paint('bold', endTitle(info, end));
      terminal.print(say`${title} in ${formatElapsed(end.seconds)}`);
      for (const line of endLines(info, end, last)) terminal.print(line);
      const predictions = end.status === 'failed' ? [] : await configuredPredictions(context, info);
      if (predictions.length > 0) terminal.print(say('Predictions:'));
      for (const prediction of predictions) terminal.print(`  ${formatPrediction(prediction)}`);
      terminal.print(say`Run kept in ${paths.show(info.directory)}`);
      for (const line of nextLines(context, info, end, predictions[0])) terminal.print(line);
    },
    failed: () => undefined,
  };
}

function epochsText(epochs: number): string {
  return epochs === 1 ? say('1 epoch') : say`${epochs} epochs`;
}

function stepsText(steps: number): string {
  return steps === 1 ? say('1 step each') : say`${steps} steps each`;
}

function endTitle({ name }: RunInfo, { status, step }: RunEnd): string {
  if (status === 'completed') return say`${name} completed after ${step} steps`;
  return status === 'stopped'
    ? say`${name} stopped after ${step} steps`
    : say`${name} failed after ${step} steps`;
}

function beginLine(info: RunInfo): string {
  const { name, trainingRows, validationRows, epochs, stepsPerEpoch, device } = info;
  const rows =
    validationRows > 0
      ? say`${name} trains on ${trainingRows} rows, validates on ${validationRows}`
      : say`${name} trains on ${trainingRows} rows`;
  const work = `${epochsText(epochs)}, ${stepsText(stepsPerEpoch)}`;
  return say`${rows}: ${work} on ${device} (${info.backend})`;
}

/** Why a run failed is the command's error, said once at its end. */
function endLines(info: RunInfo, end: RunEnd, last: EpochRecord | null): string[] {
  const isSaid = end.verdict === '' || end.error !== undefined;
  const lines = isSaid ? [] : [`  ${end.verdict}`];
  if (last !== null) lines.push(`  ${epochLine(last)}`);
  const { baseline, metrics } = info;
  if (baseline !== null) lines.push(...baselineLines(baseline, ['loss', ...metrics]));
  return lines;
}

/** What guessing scores, in the numbers shown above it. */
function baselineLines({ guess, metrics }: Baseline, shown: readonly string[]): string[] {
  const scores = Object.entries(metrics).filter(([name]) => shown.includes(name));
  if (scores.length === 0) return [];
  return [`  ${say`always guessing ${guess}: ${formatMetrics(Object.fromEntries(scores))}`}`];
}

/** Those that the config asks for. */
async function configuredPredictions({ core }: CommandContext, { directory }: RunInfo) {
  return (await core.request('run/predict', { directory })).predictions;
}

/** What to do with the run, as commands. */
function nextLines(
  { program, paths }: CommandContext,
  info: RunInfo,
  { status }: RunEnd,
  example: Prediction | undefined,
): string[] {
  const run = quote(paths.show(info.directory));
  const input = example === undefined ? '{...}' : JSON.stringify(example.input);
  const rows = [
    ...(status === 'stopped' ? [[say('go on'), `${program} resume ${run}`]] : []),
    ...(status === 'failed'
      ? []
      : [[say('predict'), `${program} predict ${run} --input ${quote(input)}`]]),
  ];
  return rows.length === 0 ? [] : [alignColumns(rows)];
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
