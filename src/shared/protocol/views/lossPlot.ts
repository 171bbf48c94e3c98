/**
 * The contract of the loss plot webview; the extension host is its server. The host has the points and draws
 * them; the view asks for what it shows, colours it, and asks again when it hears that there is more.
 */
import type { LineKind, PlotLook } from '../../plot/look.ts';
import type { Picture } from '../../plot/picture.ts';
import type { ValueScale } from '../../plot/valueScale.ts';
import type { NoArgs } from '../contract.ts';
import type { RunState } from '../core.ts';
import type { JsonNumber } from '../../jsonNumbers.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type LossPlotText =
  | 'addRun'
  | 'axis'
  | 'axis.epoch'
  | 'axis.step'
  | 'baseline'
  | 'becameNotFinite'
  | 'chartHelp'
  | 'continue'
  | 'copyCsv'
  | 'elapsed'
  | 'epoch'
  | 'epochOf'
  | 'epochSummary'
  | 'exportCsv'
  | 'fit'
  | 'kind.step'
  | 'kind.training'
  | 'kind.validation'
  | 'learningRate'
  | 'log'
  | 'loss'
  | 'moreRuns'
  | 'nextRows'
  | 'pace'
  | 'pause'
  | 'predict'
  | 'previousRows'
  | 'remaining'
  | 'removeRun'
  | 'resume'
  | 'rowsOf'
  | 'rowsPerSecond'
  | 'run'
  | 'runs'
  | 'seconds'
  | 'showTable'
  | 'smoothed'
  | 'smoothing'
  | 'state.completed'
  | 'state.completedEarly'
  | 'state.failed'
  | 'state.interrupted'
  | 'state.paused'
  | 'state.preparing'
  | 'state.running'
  | 'state.stopped'
  | 'step'
  | 'stepLoss'
  | 'stepOf'
  | 'stepOnce'
  | 'stop'
  | 'validation'
  | 'validationLoss'
  | 'weights';

/** What a run says while it prepares (download, reading rows). `fraction` is null while unknown. */
export interface PreparingProgress {
  readonly message: string;
  readonly fraction: number | null;
}

export interface RunOfPlot {
  readonly directory: string;
  /** Unlike that of any other run of the plot. */
  readonly name: string;
}

/** Everything the view shows but the points; after a reload the same answer rebuilds it. */
export interface LossPlotState {
  readonly title: string;
  /** The first is the one that the status is about. Empty while it prepares. */
  readonly runs: readonly RunOfPlot[];
  /** `loss`, then the name of each metric, then `learning_rate`: a chart each, with all lines of that name. */
  readonly charts: readonly string[];
  /** Whether the learning rate follows a schedule in any of the runs. */
  readonly scheduled: boolean;
  readonly status: PlotStatus;
  readonly texts: Readonly<Record<LossPlotText, string>>;
}

/** Of the first run. */
export interface PlotStatus {
  readonly state: RunState;
  readonly progress: PreparingProgress | null;
  readonly verdict: string | null;
  /** Many validation rows are in training too: a good score is no sign of a good model. */
  readonly isDoubtful: boolean;
  /** 0 while the run prepares, as `stepsPerEpoch`. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly device: string;
  /** Steps done. */
  readonly step: number;
  /** Of the newest step; null before the first. */
  readonly loss: JsonNumber | null;
  /** The newest whole epoch. */
  readonly epoch: EpochSummary | null;
  /** While it trains, once it is known. */
  readonly pace: Pace | null;
  /** Of training in all, once it is over. */
  readonly seconds: number | null;
  /** Whether it trains in this window's core, which can pause and stop it. */
  readonly steerable: boolean;
}

export interface EpochSummary {
  readonly epoch: number;
  /** `loss`, `val_loss` where there is one, and every metric. */
  readonly values: Readonly<Record<string, JsonNumber>>;
}

export interface Pace {
  readonly stepsPerSecond: number;
  /** Null where the number of rows is not known. */
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number;
}

/** A chart as the view wants it drawn. */
export interface ChartWish {
  readonly chart: string;
  readonly look: PlotLook;
}

export interface DrawWish extends ChartWish {
  /** Size in pixels of the device. */
  readonly columns: number;
  readonly rows: number;
  /** Of a line that is not faint, in pixels of the device. */
  readonly lineWidth: number;
  /** Directory of a run to draw over all others. */
  readonly raised: string | null;
}

/** A layer of a picture: which line it is. */
export interface DrawnLine {
  /** Which of the state's runs. */
  readonly run: number;
  readonly kind: LineKind;
  /** Values as they are, under a line of smoothed ones or under those of epochs. */
  readonly faint: boolean;
}

/** Neighbouring layers of a picture: a thousand runs have thousands, and one message for each would take its time. */
export interface DrawnLines extends Omit<DrawnLine, 'run'> {
  /** [n]: of which of the state's runs each line is, from below to the top. */
  readonly runs: Uint32Array;
}

export interface ChartDrawing {
  /** x at the edges, at the centres of the outermost columns. */
  readonly first: number;
  readonly last: number;
  readonly scale: ValueScale;
  readonly picture: Picture;
  /** Layer i + 1 of the picture is line i, counted through all of them. */
  readonly lines: readonly DrawnLines[];
  /** What a guess without a model scores. */
  readonly baselines: readonly number[];
  /** Pixel columns where a line has points that are not finite. */
  readonly brokenColumns: readonly number[];
  /** Pixel columns where a line runs out of the top. */
  readonly cutColumns: readonly number[];
  /** The first point of any run that is not finite: usually from there on all are. */
  readonly broken: BrokenPoint | null;
  /** Lines that cannot be read say why. */
  readonly problems: readonly string[];
  /** All points of its lines, whether in view or not. */
  readonly points: number;
  /** Files of further lines are still to be read: ask again. */
  readonly isPartial: boolean;
}

export interface BrokenPoint {
  readonly run: number;
  readonly x: number;
  readonly value: JsonNumber;
}

/** The points nearest to a place of a chart. */
export interface Crosshair {
  readonly values: readonly CrosshairValue[];
  /** Lines that are shown but not among the values. */
  readonly more: number;
}

export interface CrosshairValue {
  readonly run: number;
  readonly kind: LineKind;
  readonly x: number;
  readonly value: JsonNumber;
  /** Null without smoothing. */
  readonly smoothed: JsonNumber | null;
}

export interface TablePart {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows of the whole table. */
  readonly count: number;
}

type Done = { args: NoArgs; result: NoArgs };

export interface LossPlotContract {
  readonly requests: {
    'view/ready': { args: NoArgs; result: LossPlotState };
    /** Null for a chart that has nothing to draw yet. */
    'plot/draw': { args: DrawWish; result: ChartDrawing | null };
    /** `y` is a value, to name the nearest of many lines first; without it they come in their order. */
    'plot/values': {
      args: ChartWish & { x: number; y: number | null; most: number };
      result: Crosshair;
    };
    /** All values of every epoch of every run, newest state. */
    'plot/table': { args: { first: number; count: number }; result: TablePart };
    'plot/copyTable': Done;
    'plot/exportTable': Done;
    'plot/addRun': Done;
    'plot/removeRun': { args: { directory: string }; result: NoArgs };
    'run/pause': Done;
    'run/continue': Done;
    /** One step of a paused run. */
    'run/step': Done;
    'run/stop': Done;
    /** Goes on with a run that stands still. */
    'run/resume': Done;
    /** Opens the form that asks the run. */
    'run/predict': Done;
    'run/weights': Done;
  };
  readonly events: {
    /** Other runs, or the same with more known of them: replaces everything. */
    'view/reset': LossPlotState;
    /** There are more points, or the run is in another state. */
    'plot/changed': PlotStatus;
  };
}
