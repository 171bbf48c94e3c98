/** Says that the connection to the machine of a run is lost, and offers to go on there or here. */
import { l10n, window } from 'vscode';
import { resumeRun } from '../commands/savedRun.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunRecord } from '../runs/runStore.ts';
import type { Services } from '../services.ts';

export function offerAfterLoss(services: Services): Disposes {
  return services.store.onDidChange(({ kind }, run) => {
    if (kind !== 'state' || run.end?.error?.code !== 'ssh.lost' || run.info === null) return;
    void services.actions.run('connection lost', () => offer(services, run));
  });
}

async function offer(services: Services, { end, info }: RunRecord): Promise<void> {
  const { directory } = info!;
  const saved = await (await services.core.client()).request('run/read', { directory });
  const machine = services.machines.find(saved.machine ?? '');
  const there = l10n.t('Resume on {0}', machine?.name ?? '');
  const here = l10n.t('Resume Here');
  const ways = machine === undefined ? [here] : [there, here];
  const answer = await window.showWarningMessage(end!.verdict, ...ways);
  if (answer === there) await resumeRun(services, directory, { machine: machine! });
  if (answer === here) await resumeRun(services, directory, { machine: null });
}
