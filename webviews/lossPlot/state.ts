/** The plot's data and how events change it. No DOM. */
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import type { LossPlotContract, LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';

type Events = LossPlotContract['events'];

/** Steps that the view has not seen are NaN; steps that come again replace the older. */
export function withColumns(
  state: LossPlotState,
  { firstStep, loss }: Events['plot/columns'],
): LossPlotState {
  const joined = new Float32Array(firstStep + loss.length).fill(Number.NaN);
  joined.set(state.loss.subarray(0, firstStep));
  joined.set(loss, firstStep);
  return { ...state, loss: joined };
}

export function withEpoch(state: LossPlotState, record: EpochRecord): LossPlotState {
  return { ...state, epochRecords: [...state.epochRecords, record] };
}

export function withRunState(state: LossPlotState, change: Events['plot/state']): LossPlotState {
  return { ...state, ...change };
}

/** Metric names without their validation twins, in the order the core reports them. */
export function metricNames(state: LossPlotState): readonly string[] {
  const names = Object.keys(state.epochRecords.at(-1)?.metrics ?? {});
  return names.filter((name) => !name.startsWith('val_'));
}

/** The share of the run that is done, 0 to 1; null while nothing is known. */
export function fractionDone(state: LossPlotState): number | null {
  if (state.state === 'preparing') return state.progress?.fraction ?? null;
  const steps = state.epochs * state.stepsPerEpoch;
  return steps === 0 ? null : Math.min(1, state.loss.length / steps);
}
