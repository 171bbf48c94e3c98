/** The view's two charts: loss, and metrics with their baseline. Which series they have follows from the state. */
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';
import type { ChartColors } from '../kit/theme.ts';
import type { SeriesSpec } from './chart.ts';
import { epochValues, joinSeries, levelLine, stepLoss } from './series.ts';
import type { ChartColumns, Points } from './series.ts';
import { metricNames } from './state.ts';
import { metricLabel } from './words.ts';

export interface Line {
  readonly spec: SeriesSpec;
  readonly points: (pixels: number) => Points;
}

const validationDash = [6, 3];
const baselineDash = [2, 4];

/** Loss per step, faint; per epoch in training and, where there is a validation split, in validation. */
export function lossLines(state: LossPlotState, colors: ChartColors): readonly Line[] {
  const { texts, epochRecords } = state;
  const lines: Line[] = [
    {
      spec: { label: texts.trainingLossPerStep, color: colors.trainingFaint, width: 1 },
      points: (pixels) => stepLoss(state, pixels),
    },
    {
      spec: { label: texts.trainingLoss, color: colors.training, width: 2 },
      points: (pixels) => epochValues(epochRecords, (record) => record.loss, pixels),
    },
  ];
  if (epochRecords.some((record) => record.val_loss !== undefined)) {
    const spec = { label: texts.validationLoss, color: colors.validation, width: 2 };
    lines.push({
      spec: { ...spec, dash: validationDash },
      points: (pixels) => epochValues(epochRecords, (record) => record.val_loss, pixels),
    });
  }
  return lines;
}

/** Each metric in training and validation, and what always guessing the same would score. */
export function metricLines(state: LossPlotState, colors: ChartColors): readonly Line[] {
  const names = metricNames(state);
  return names.flatMap((name, i) => metricLine(state, name, pairOf(colors, i, names.length)));
}

interface ColorPair {
  readonly training: string;
  readonly validation: string;
  readonly baseline: string;
}

/** One metric has the colours of the losses; more have one each, and dashes tell validation from training. */
function pairOf(colors: ChartColors, index: number, count: number): ColorPair {
  if (count === 1) return colors;
  const color = colors.palette[index % colors.palette.length]!;
  return { training: color, validation: color, baseline: color };
}

function metricLine(state: LossPlotState, name: string, color: ColorPair): readonly Line[] {
  const { epochRecords, texts, baseline } = state;
  const validationName = `val_${name}`;
  const values = (key: string) => (pixels: number) =>
    epochValues(epochRecords, (record: EpochRecord) => record.metrics[key], pixels);
  const plain = metricLabel(name, texts);
  const lines: Line[] = [
    { spec: { label: plain, color: color.training, width: 2 }, points: values(name) },
  ];
  if (epochRecords.some((record) => validationName in record.metrics)) {
    const label = metricLabel(validationName, texts);
    lines.push({
      spec: { label, color: color.validation, width: 2, dash: validationDash },
      points: values(validationName),
    });
  }
  const level = baseline?.metrics[name] ?? baseline?.metrics[validationName];
  if (level !== undefined) {
    const last = epochRecords.at(-1)?.epoch ?? 1;
    lines.push({
      spec: {
        label: `${texts.baseline}: ${plain}`,
        color: color.baseline,
        width: 1,
        dash: baselineDash,
      },
      points: () => levelLine(level, last),
    });
  }
  return lines;
}

export function columnsOf(lines: readonly Line[], pixels: number): ChartColumns {
  return joinSeries(lines.map((line) => line.points(pixels)));
}
