/** What the view says in words: the state line, the names of lines, and what a screen reader hears. */
import { formatDuration } from '../../src/shared/duration.ts';
import { fromJsonNumber } from '../../src/shared/jsonNumbers.ts';
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import { rateChart } from '../../src/shared/plot/look.ts';
import type { LineKind } from '../../src/shared/plot/look.ts';
import type {
  EpochSummary,
  LossPlotState,
  PlotStatus,
} from '../../src/shared/protocol/views/lossPlot.ts';

type Texts = LossPlotState['texts'];

/** State, epoch, step, loss, pace, time and device, as far as they are known. */
export function stateLine({ status, texts, runs }: LossPlotState, locale: string): string[] {
  const { state, epochs, stepsPerEpoch, step, loss, device } = status;
  if (state === 'preparing') return [status.progress?.message ?? texts['state.preparing']];
  const count = (value: number) => formatCount(value, locale);
  const all = fillIn(texts.runs, count(runs.length));
  if (isComparison(status, runs.length)) return [all];
  const epoch = status.epoch?.epoch ?? 0;
  const isEarly = state === 'completed' && epoch > 0 && epoch < epochs;
  const line: string[] = [isEarly ? texts['state.completedEarly'] : texts[`state.${state}`]];
  if (runs.length > 1) line.unshift(all);
  if (epochs > 0) line.push(fillIn(texts.epochOf, count(epoch), count(epochs)));
  if (stepsPerEpoch > 0)
    line.push(fillIn(texts.stepOf, count(step), count(epochs * stepsPerEpoch)));
  if (loss !== null) line.push(fillIn(texts.stepLoss, formatValue(fromJsonNumber(loss), locale)));
  line.push(...timeLine(status, texts, locale));
  if (device !== '') line.push(device);
  return line;
}

/** Several runs of which none trains here: what one of them did is not what the plot is about. */
export function isComparison({ state, steerable }: PlotStatus, runs: number): boolean {
  return runs > 1 && !(steerable && (state === 'running' || state === 'paused'));
}

function timeLine({ pace, seconds }: PlotStatus, texts: Texts, locale: string): string[] {
  if (seconds !== null) return [fillIn(texts.elapsed, formatDuration(seconds, locale))];
  if (pace === null) return [];
  const { stepsPerSecond, rowsPerSecond, secondsLeft } = pace;
  const rate = (value: number) =>
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
  const line = [fillIn(texts.pace, rate(stepsPerSecond))];
  if (rowsPerSecond !== null) line.push(fillIn(texts.rowsPerSecond, rate(rowsPerSecond)));
  return [...line, fillIn(texts.remaining, formatDuration(secondsLeft, locale))];
}

/** The share of the run that is done, 0 to 1; null while nothing is known. */
export function fractionDone({ state, progress, epochs, stepsPerEpoch, step }: PlotStatus) {
  if (state === 'preparing') return progress?.fraction ?? null;
  const steps = epochs * stepsPerEpoch;
  return steps === 0 ? null : Math.min(1, step / steps);
}

/** One sentence per epoch, with every metric. */
export function epochSentence(
  { epoch, values }: EpochSummary,
  { status, texts }: LossPlotState,
  locale: string,
): string {
  const { loss, ...others } = values;
  const shown = (value: number | string) => formatValue(fromJsonNumber(value), locale);
  const parts = [
    fillIn(
      texts.epochSummary,
      formatCount(epoch, locale),
      formatCount(status.epochs, locale),
      shown(loss ?? NaN),
    ),
  ];
  for (const [name, value] of Object.entries(others)) {
    parts.push(`${valueLabel(name, texts)} ${shown(value)}`);
  }
  return parts.join(', ');
}

/** `val_accuracy` is "accuracy (validation)". */
function valueLabel(name: string, texts: Texts): string {
  if (name === 'val_loss') return texts.validationLoss;
  const plain = name.replace(/^val_/, '').replaceAll('_', ' ');
  return name.startsWith('val_') ? `${plain} (${texts.validation})` : plain;
}

export function chartTitle(chart: string, texts: Texts): string {
  if (chart === rateChart) return texts.learningRate;
  return chart === 'loss' ? texts.loss : chart.replaceAll('_', ' ');
}

export function kindLabel(kind: LineKind, texts: Texts): string {
  return texts[`kind.${kind}`];
}
