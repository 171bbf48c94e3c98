/** The loss every so many steps, as the mean over them: what first lessons print. It begins anew with each epoch. */
import type { RunInfo } from '../shared/protocol/core.ts';

export interface StepLogEntry {
  /** Counted from 1. */
  readonly epoch: number;
  /** Of the epoch, counted from 1. */
  readonly step: number;
  /** Mean over the steps since the last entry. */
  readonly loss: number;
}

type Pace = Pick<RunInfo, 'logEvery' | 'stepsPerEpoch'>;

/** Takes the losses of steps as they come; a run that goes on within an epoch begins with an entry of fewer steps. */
export function createStepLog({ logEvery, stepsPerEpoch }: Pace) {
  let sum = 0;
  let count = 0;
  return (firstStep: number, losses: Float32Array): StepLogEntry[] => {
    const entries: StepLogEntry[] = [];
    if (logEvery === null) return entries;
    for (const [i, loss] of losses.entries()) {
      const inEpoch = (firstStep + i) % stepsPerEpoch;
      if (inEpoch === 0) [sum, count] = [0, 0];
      sum += loss;
      count++;
      if ((inEpoch + 1) % logEvery !== 0) continue;
      const epoch = Math.floor((firstStep + i) / stepsPerEpoch) + 1;
      entries.push({ epoch, step: inEpoch + 1, loss: sum / count });
      [sum, count] = [0, 0];
    }
    return entries;
  };
}
