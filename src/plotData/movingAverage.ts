/**
 * TensorBoard's smoothing: an exponential moving average that starts at nothing and is corrected for it.
 * Values that are not finite pass through and leave the average alone. A result is rounded to float32.
 * https://github.com/tensorflow/tensorboard/blob/master/tensorboard/components/vz_line_chart2/line-chart.ts
 */

/** All that decides the values to come: the same state gives the same bits, wherever one starts. */
export interface AverageState {
  average: number;
  /** The weight to the power of how many finite values there were: what is missing from a full average. */
  missing: number;
}

/** Below this, 1 - missing is 1; without it the power would slowly go through denormal numbers. */
const negligible = 1e-20;

export function initialAverage(): AverageState {
  return { average: 0, missing: 1 };
}

/** Smooths values in order from a state, and brings the state to their end. */
export function smooth(state: AverageState, weight: number, values: Float32Array): Float32Array {
  const smoothed = new Float32Array(values.length);
  let { average, missing } = state;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) {
      smoothed[i] = value;
      continue;
    }
    average = average * weight + (1 - weight) * value;
    missing = missing < negligible ? 0 : missing * weight;
    smoothed[i] = average / (1 - missing);
  }
  state.average = average;
  state.missing = missing;
  return smoothed;
}
