/** Says that the device of a run has failed, and offers to go on from the last checkpoint on it or on another one. */
import { l10n, window } from 'vscode';
import type { ErrorCode } from '../../shared/errors.ts';
import type { DeviceName } from '../../shared/protocol/core.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunChange, RunRecord } from '../runs/runStore.ts';
import type { Services } from '../services.ts';
import { resumeRun } from './savedRun.ts';

/** Where a run may go on after a failure of its device; too little memory stays too little. */
export const waysOn: Readonly<Partial<Record<ErrorCode, readonly DeviceName[]>>> = {
  'device.lost': ['webgpu', 'cpu'],
  'device.outOfMemory': ['cpu'],
};

export function offerOtherDevice(services: Services): Disposes {
  return services.store.onDidChange((change, run) => {
    if (hasFailed(change, run))
      void services.actions.run('resume elsewhere', () => offer(services, run));
  });
}

function hasFailed({ kind }: RunChange, { state, end, info }: RunRecord): boolean {
  if (kind !== 'state' || state !== 'failed' || info === null) return false;
  return end?.error !== undefined && waysOn[end.error.code] !== undefined;
}

async function offer(services: Services, { end, info }: RunRecord): Promise<void> {
  const { error } = end!;
  const titles: Readonly<Partial<Record<DeviceName, string>>> = {
    webgpu: l10n.t('Resume on the GPU'),
    cpu: l10n.t('Resume on the CPU'),
  };
  const ways = waysOn[error!.code]!;
  const answer = await window.showWarningMessage(
    error!.message,
    ...ways.map((device) => titles[device]!),
  );
  const device = ways.find((way) => titles[way] === answer);
  if (device !== undefined) await resumeRun(services, info!.directory, device);
}
