/**
 * How a user looks at a plot: what is kept while its tab is hidden and over a reload of the window. Drawing
 * needs nothing else of the user.
 */

export type PlotAxis = 'step' | 'epoch';

/** What a line of a run shows: a value per step, or one per epoch of its training or its validation rows. */
export type LineKind = 'step' | 'training' | 'validation';

export const lineKinds: readonly LineKind[] = ['step', 'training', 'validation'];

/** A part of the x axis, in units of the axis. */
export interface PlotRange {
  readonly first: number;
  readonly last: number;
}

/** The chart of the learning rate; a plot shows it where it changes, or where the user wants it. */
export const rateChart = 'learning_rate';

export interface PlotLook {
  readonly axis: PlotAxis;
  readonly log: boolean;
  /** Weight of the moving average, 0 for none. */
  readonly smoothing: number;
  /** Null for all there is, also while it grows. */
  readonly zoom: PlotRange | null;
  /** By directory. */
  readonly hiddenRuns: readonly string[];
  /** Null while the user has not chosen: it then follows from the number of runs. */
  readonly hiddenKinds: readonly LineKind[] | null;
  /** Whether there is a chart of the learning rate; null while the user has not chosen. */
  readonly rate: boolean | null;
}

export const defaultLook: PlotLook = {
  axis: 'epoch',
  log: false,
  smoothing: 0,
  zoom: null,
  hiddenRuns: [],
  hiddenKinds: null,
  rate: null,
};

export const mostSmoothing = 0.99;

/** Values of every step say much of one run and bury many. */
const fewRuns = 4;
/** With more than these one line a run is enough. */
const someRuns = 20;

export function hiddenKinds(look: PlotLook, runs: number): readonly LineKind[] {
  if (look.hiddenKinds !== null) return look.hiddenKinds;
  if (runs <= fewRuns) return [];
  return runs <= someRuns ? ['step'] : ['step', 'training'];
}

/** What the page kept, part by part: another version of ours may have kept something else. */
export function parseLook(kept: unknown): PlotLook {
  if (!isRecord(kept)) return defaultLook;
  const { axis, log, smoothing, zoom, hiddenRuns, hiddenKinds: kinds, rate } = kept;
  const isWeight = typeof smoothing === 'number' && smoothing >= 0 && smoothing <= mostSmoothing;
  return {
    axis: axis === 'step' ? 'step' : 'epoch',
    log: log === true,
    smoothing: isWeight ? smoothing : 0,
    zoom: parseRange(zoom),
    hiddenRuns: parseTexts(hiddenRuns) ?? [],
    hiddenKinds: parseTexts(kinds)?.filter(isKind) ?? null,
    rate: typeof rate === 'boolean' ? rate : null,
  };
}

function parseRange(kept: unknown): PlotRange | null {
  if (!isRecord(kept)) return null;
  const { first, last } = kept;
  const isRange = Number.isFinite(first) && Number.isFinite(last) && Number(first) < Number(last);
  return isRange ? { first: Number(first), last: Number(last) } : null;
}

export function parseTexts(kept: unknown): readonly string[] | null {
  if (!Array.isArray(kept)) return null;
  return kept.filter((item): item is string => typeof item === 'string');
}

function isKind(text: string): text is LineKind {
  return lineKinds.some((kind) => kind === text);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
