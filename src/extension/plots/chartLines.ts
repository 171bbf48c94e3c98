/** Which charts a plot of some runs has, and which lines of which runs each of them shows. */
import type { PlottedRun, RunSeries } from '../../shared/protocol/core.ts';
import { hiddenKinds, lineKinds, rateChart } from '../../shared/plot/look.ts';
import type { LineKind, PlotAxis } from '../../shared/plot/look.ts';
import type { PointPlaces } from '../../shared/plot/view.ts';
import type { ChartWish } from '../../shared/protocol/views/lossPlot.ts';

/** What a plot knows of a run. */
export type RunLines = Pick<
  PlottedRun,
  'directory' | 'name' | 'state' | 'stepsPerEpoch' | 'series' | 'baseline'
>;

export interface ChartLine {
  /** Which run. */
  readonly run: number;
  readonly kind: LineKind;
  readonly file: string;
  readonly x: PointPlaces;
  /** Of one epoch, in units of the axis. */
  readonly epochWidth: number;
}

const validationPrefix = 'val_';

/** The loss first, then each metric of any run; the learning rate last. */
export function chartsOf(runs: readonly RunLines[]): readonly string[] {
  const names = runs.flatMap(({ series }) => series.map(({ name }) => plainName(name)));
  const metrics = names.filter((name) => name !== 'loss' && name !== rateChart);
  const rate = names.includes(rateChart) ? [rateChart] : [];
  return runs.length === 0 ? [] : ['loss', ...new Set(metrics), ...rate];
}

/** Whether steps have learning rates of their own. */
export function isScheduled({ series }: RunLines): boolean {
  return series.some(({ name, per }) => name === rateChart && per === 'step');
}

/** A learning rate has no noise to look through. */
export function smoothingOf({ chart, look }: ChartWish): number {
  return chart === rateChart ? 0 : look.smoothing;
}

/** The lines that are shown, those of steps below those of epochs. */
export function chartLines(runs: readonly RunLines[], wish: ChartWish): readonly ChartLine[] {
  return shownKinds(runs, wish).flatMap((kind) => linesOfKind(runs, wish, kind));
}

/** From below to the top. */
export function shownKinds(
  runs: readonly RunLines[],
  { chart, look }: ChartWish,
): readonly LineKind[] {
  const hidden = hiddenKinds(look, runs.length);
  // There is no learning rate of validation: with that kind alone the chart would be empty.
  const isShown = (kind: LineKind) =>
    !hidden.includes(kind) || (chart === rateChart && kind === 'training');
  return lineKinds.filter(isShown);
}

/** Of the runs that are not hidden; depends on nothing else of the look but the axis. */
export function linesOfKind(
  runs: readonly RunLines[],
  { chart, look }: ChartWish,
  kind: LineKind,
): readonly ChartLine[] {
  const hidden = new Set(look.hiddenRuns);
  const per = kind === 'step' ? 'step' : 'epoch';
  const name = kind === 'validation' ? validationPrefix + chart : chart;
  return runs.flatMap((run, index) => {
    if (hidden.has(run.directory)) return [];
    const found = run.series.find((series) => series.per === per && series.name === name);
    if (found === undefined) return [];
    const epochWidth = look.axis === 'epoch' ? 1 : Math.max(1, run.stepsPerEpoch);
    const x = placesOf(found, run, look.axis);
    return [{ run: index, kind, file: found.file, x, epochWidth }];
  });
}

/** The different values that a guess scores; runs on the same data share one. */
export function baselinesOf(runs: readonly RunLines[], chart: string): readonly number[] {
  const values = runs.flatMap(({ baseline }) => {
    const value = baseline?.metrics[chart] ?? baseline?.metrics[validationPrefix + chart];
    return value === undefined ? [] : [value];
  });
  return [...new Set(values)];
}

function plainName(name: string): string {
  return name.startsWith(validationPrefix) ? name.slice(validationPrefix.length) : name;
}

/** A step lies where it ends: the last of an epoch where the epoch's own value does. */
function placesOf({ per }: RunSeries, { stepsPerEpoch }: RunLines, axis: PlotAxis): PointPlaces {
  const steps = Math.max(1, stepsPerEpoch);
  const stride = per === axis ? 1 : per === 'step' ? 1 / steps : steps;
  return { origin: stride, stride };
}
