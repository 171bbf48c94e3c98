/** How a run reads in the tree: a pure function, so that it is tested without VS Code. */
import { formatValue } from '../../shared/numberFormat.ts';
import { isDoubtful } from '../../shared/protocol/seenRows.ts';
import type { RunListEntry, RunState } from '../../shared/protocol/core.ts';
import type { RunRecord } from '../runs/runStore.ts';
import type { Translate } from '../ui/statusBarView.ts';
import { formatDuration } from '../../shared/duration.ts';

export interface RunView {
  readonly label: string;
  readonly description: string;
  /** Lines of the tooltip. */
  readonly details: readonly string[];
  readonly icon: string;
  readonly color: string | undefined;
}

const icons: Readonly<Record<RunState, readonly [icon: string, color?: string]>> = {
  preparing: ['loading~spin'],
  running: ['sync~spin', 'charts.blue'],
  paused: ['debug-pause', 'charts.yellow'],
  completed: ['pass', 'charts.green'],
  stopped: ['debug-stop'],
  failed: ['error', 'charts.red'],
  interrupted: ['warning', 'charts.yellow'],
};

/** Completed, but what it is measured on is no test. */
const seenIcon = ['pass', 'charts.yellow'] as const;

function doubts({ score, seenRows }: RunListEntry): boolean {
  return score !== null && isDoubtful(seenRows, score.rows);
}

/** A run in training is ahead of its record on disk. */
export function withLive(entry: RunListEntry, live: RunRecord | null): RunListEntry {
  if (live?.info?.directory !== entry.directory) return entry;
  const last = live.epochs.at(-1);
  if (last === undefined) return { ...entry, state: live.state };
  const { epoch, loss, val_loss, metrics } = last;
  const values = { loss, val_loss: val_loss ?? null, metrics, epochsDone: epoch };
  return { ...entry, state: live.state, ...values };
}

/** `now` decides whether a run is of today, which then needs no date. */
export function runView(
  run: RunListEntry,
  t: Translate,
  { locale, now = new Date() }: { readonly locale?: string; readonly now?: Date } = {},
): RunView {
  const [icon, color] = doubts(run) && run.state === 'completed' ? seenIcon : icons[run.state];
  const score = scoreText(run, t, locale);
  const time = formatDuration(run.seconds, locale);
  const isOver = !['preparing', 'running', 'paused'].includes(run.state);
  const epochs = t('epoch {0}/{1}', run.epochsDone, run.epochs);
  const begun = new Date(run.created);
  const progress = isOver ? [clockText(begun, now, locale), score, time] : [epochs, score];
  const doubt = doubts(run) ? t('rows seen in training') : '';
  const parts = [stateText(run.state, t), ...progress, doubt];
  const created = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    label: run.name,
    description: parts.filter((part) => part !== '').join(' · '),
    details: [run.verdict, created.format(begun), epochs, time, run.directory],
    icon,
    color,
  };
}

/** Runs of one config are told apart by when they began. */
function clockText(begun: Date, now: Date, locale?: string): string {
  const isToday = begun.toDateString() === now.toDateString();
  const day = isToday ? {} : ({ dateStyle: 'short' } as const);
  return new Intl.DateTimeFormat(locale, { ...day, timeStyle: 'short' }).format(begun);
}

/** The best validation score beside what a guess would score, as far as either is known. */
function scoreText({ score, baseline }: RunListEntry, t: Translate, locale?: string): string {
  if (score === null) return '';
  const percent = (share: number) =>
    new Intl.NumberFormat(locale, { style: 'percent' }).format(share);
  const { correct, rmse, rows } = score;
  const guess = baseline?.metrics[correct === null ? 'rmse' : 'accuracy'];
  if (correct !== null) {
    const right = percent(correct / rows);
    return guess === undefined
      ? t('{0} right', right)
      : t('{0} right (guess: {1})', right, percent(guess));
  }
  if (rmse === null) return '';
  const off = formatValue(rmse, locale);
  return guess === undefined
    ? t('off by {0}', off)
    : t('off by {0} (guess: {1})', off, formatValue(guess, locale));
}

/** The usual end needs no word. */
function stateText(state: RunState, t: Translate): string {
  switch (state) {
    case 'completed':
      return '';
    case 'preparing':
      return t('preparing');
    case 'running':
      return t('training');
    case 'paused':
      return t('paused');
    case 'stopped':
      return t('stopped');
    case 'failed':
      return t('failed');
    case 'interrupted':
      return t('interrupted');
  }
}

export interface MetricRow {
  readonly name: string;
  readonly value: number;
  readonly baseline: number | undefined;
}

/** Values of the last epoch; a validation metric stands beside its baseline. */
export function metricRows({
  loss,
  val_loss,
  metrics,
  baseline,
}: RunListEntry): readonly MetricRow[] {
  const losses = Object.entries({ loss, val_loss }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return [...losses, ...Object.entries(metrics)].map(([name, value]) => ({
    name,
    value,
    baseline: baseline?.metrics[name.replace(/^val_/, '')],
  }));
}
