/** Which charts a plot of some runs has, and which lines of which runs each of them shows. */
import type { PlottedRun, RunSeries } from '../../shared/protocol/core.ts';
import { hiddenKinds, lineKinds } from '../../shared/plot/look.ts';
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

/** The loss first, then each metric of any run. */
export function chartsOf(runs: readonly RunLines[]): readonly string[] {
  const names = runs.flatMap(({ series }) => series.map(({ name }) => plainName(name)));
  const metrics = names.filter((name) => name !== 'loss' && name !== 'learning_rate');
  return runs.length === 0 ? [] : ['loss', ...new Set(metrics)];
}

/** The lines that are shown, those of steps below those of epochs. */
export function chartLines(
  runs: readonly RunLines[],
  { chart, look }: ChartWish,
): readonly ChartLine[] {
  const hidden = new Set(look.hiddenRuns);
  const hiddenOnes = hiddenKinds(look, runs.length);
  const kinds = lineKinds.filter((kind) => !hiddenOnes.includes(kind));
  return kinds.flatMap((kind) =>
    runs.flatMap((run, index) => {
      if (hidden.has(run.directory)) return [];
      const found = run.series.find((series) => isLine(series, chart, kind));
      if (found === undefined) return [];
      const epochWidth = look.axis === 'epoch' ? 1 : Math.max(1, run.stepsPerEpoch);
      const x = placesOf(found, run, look.axis);
      return [{ run: index, kind, file: found.file, x, epochWidth }];
    }),
  );
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

function isLine({ name, per }: RunSeries, chart: string, kind: LineKind): boolean {
  if (kind === 'step') return per === 'step' && name === chart;
  return per === 'epoch' && name === (kind === 'training' ? chart : validationPrefix + chart);
}

/** A step lies where it ends: the last of an epoch where the epoch's own value does. */
function placesOf({ per }: RunSeries, { stepsPerEpoch }: RunLines, axis: PlotAxis): PointPlaces {
  const steps = Math.max(1, stepsPerEpoch);
  const stride = per === axis ? 1 : per === 'step' ? 1 / steps : steps;
  return { origin: stride, stride };
}
