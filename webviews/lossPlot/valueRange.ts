/** The loss axis: what is worth seeing, so that the first few wild steps do not flatten the rest. */
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';

const keptShare = 0.99;
const headroom = 1.05;
/** Enough for a quantile; a long run has millions of steps. */
const maxSamples = 10_000;

/**
 * The losses of epochs are always inside; of those of steps the largest hundredth may run out of the top.
 * @returns [from, to], or null where there is nothing finite to show.
 */
export function lossRange({ loss, epochRecords }: LossPlotState): readonly [number, number] | null {
  const steps = finiteSamples(loss);
  let most = steps[Math.ceil(keptShare * steps.length) - 1] ?? -Infinity;
  let least = steps[0] ?? Infinity;
  for (const record of epochRecords) {
    for (const value of [record.loss, record.val_loss ?? record.loss]) {
      if (!Number.isFinite(value)) continue;
      most = Math.max(most, value);
      least = Math.min(least, value);
    }
  }
  return most < least ? null : padded(least, most);
}

/** Ascending. */
function finiteSamples(loss: Float32Array): Float32Array {
  const stride = Math.ceil(loss.length / maxSamples);
  const some = stride <= 1 ? loss : loss.filter((_, step) => step % stride === 0);
  return some.filter((value) => Number.isFinite(value)).sort();
}

/** From zero, unless losses are below it or all far above. */
function padded(least: number, most: number): readonly [number, number] {
  const margin = (headroom - 1) * (Math.max(Math.abs(most), Math.abs(least)) || 1);
  const from = least >= 0 && least <= most / 2 ? 0 : least - margin;
  return [from, most + margin];
}
