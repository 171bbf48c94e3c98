/** What a plot says of its first run, besides its points. */
import { toJsonNumber } from '../../shared/jsonNumbers.ts';
import { isDoubtful } from '../../shared/protocol/seenRows.ts';
import type { EpochRecord } from '../../shared/protocol/core.ts';
import type { EpochSummary, Pace, PlotStatus } from '../../shared/protocol/views/lossPlot.ts';
import type { RunRecord } from '../runs/runStore.ts';

export interface PlotStatusOptions {
  readonly pace: Pace | null;
  readonly steerable: boolean;
}

export function plotStatus(
  run: RunRecord | null,
  { pace, steerable }: PlotStatusOptions,
): PlotStatus {
  const info = run?.info ?? null;
  const epoch = run?.epochs.at(-1) ?? null;
  const loss = run?.lastLoss ?? epoch?.loss ?? null;
  return {
    state: run?.state ?? 'preparing',
    progress: run?.progress ?? null,
    verdict: run?.end?.error?.message ?? run?.end?.verdict ?? null,
    isDoubtful: isDoubtful(info?.seenRows ?? null, info?.validationRows ?? 0),
    epochs: info?.epochs ?? 0,
    stepsPerEpoch: info?.stepsPerEpoch ?? 0,
    device: info === null ? '' : deviceText(info),
    step: run?.steps ?? 0,
    loss: loss === null ? null : toJsonNumber(loss),
    epoch: epoch === null ? null : summaryOf(epoch),
    pace: run?.state === 'running' ? pace : null,
    seconds: run?.end?.seconds ?? null,
    steerable,
  };
}

function summaryOf({ epoch, loss, val_loss, metrics }: EpochRecord): EpochSummary {
  const values = { loss, ...(val_loss === undefined ? {} : { val_loss }), ...metrics };
  const sent = Object.entries(values).map(([name, value]) => [name, toJsonNumber(value)] as const);
  return { epoch, values: Object.fromEntries(sent) };
}

function deviceText({ device, backend }: NonNullable<RunRecord['info']>): string {
  return device.includes(backend) ? device : `${device} (${backend})`;
}
