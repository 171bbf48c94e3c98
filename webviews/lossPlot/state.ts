/** The plot's data and how events change it. No DOM. */
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import type { LossPlotNews, LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';

/**
 * Steps that the view has not seen are NaN; steps that come again replace the older. The epochs' array is the page's
 * own and grows in place: a quick run has a hundred thousand.
 */
export function withNews(now: LossPlotState, news: LossPlotNews): LossPlotState {
  const { state, verdict, progress, firstStep } = news;
  const loss = news.loss.length === 0 ? now.loss : joined(now.loss, firstStep, news.loss);
  const epochRecords = now.epochRecords as EpochRecord[];
  for (const record of news.epochRecords) epochRecords.push(record);
  return { ...now, state, verdict, progress, loss, epochRecords };
}

function joined(old: Float32Array, firstStep: number, added: Float32Array): Float32Array {
  const all = new Float32Array(firstStep + added.length).fill(Number.NaN, old.length);
  all.set(old.subarray(0, firstStep));
  all.set(added, firstStep);
  return all;
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
