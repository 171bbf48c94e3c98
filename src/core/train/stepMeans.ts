/** The loss every so many steps, as the mean over them: what first lessons print. It begins anew with each epoch. */
import type { StepMean } from '../../shared/protocol/core.ts';

export interface StepPace {
  /** Null for never. */
  readonly logEvery: number | null;
  readonly stepsPerEpoch: number;
}

/** Takes the losses of steps as they come; a run that goes on within an epoch begins with a mean of fewer steps. */
export function createStepMeans({ logEvery, stepsPerEpoch }: StepPace) {
  let sum = 0;
  let count = 0;
  return (firstStep: number, losses: Float32Array): readonly StepMean[] => {
    if (logEvery === null) return [];
    const means: StepMean[] = [];
    for (const [i, loss] of losses.entries()) {
      const inEpoch = (firstStep + i) % stepsPerEpoch;
      if (inEpoch === 0) [sum, count] = [0, 0];
      sum += loss;
      count++;
      if ((inEpoch + 1) % logEvery !== 0) continue;
      const epoch = Math.floor((firstStep + i) / stepsPerEpoch) + 1;
      means.push({ epoch, step: inEpoch + 1, loss: sum / count });
      [sum, count] = [0, 0];
    }
    return means;
  };
}
