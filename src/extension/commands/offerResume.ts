/** Says at the start of a window that the run of the window before was interrupted, and offers to go on with it. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { l10n, window } from 'vscode';
import type { RunListEntry } from '../../shared/protocol/core.ts';
import type { TrainingNote } from '../runs/trainingNote.ts';
import type { Services } from '../services.ts';
import { openRun, resumeRun } from './savedRun.ts';

/** The core of a window that was reloaded still writes its last checkpoint while the next window opens. */
const lookEveryMs = 500;
const mostLooks = 20;

/** @param reopen shows its plot without being asked: the tab it had is gone. */
export async function offerResume(
  services: Services,
  note: TrainingNote,
  reopen: boolean,
): Promise<void> {
  const directory = await note.read();
  if (directory === null) return;
  const run = await whenStill(services, directory);
  // Somebody may have trained something else meanwhile.
  if (services.store.run === null) note.write(null);
  if (run?.state !== 'interrupted' || services.store.run?.info?.directory === directory) return;
  if (reopen) await openRun(services, directory);
  const { name, epochsDone, epochs } = run;
  const text = l10n.t(
    'The training of {0} was interrupted after {1} of {2} epochs. What it had learned is kept.',
    name,
    epochsDone,
    epochs,
  );
  const [resume, show] = [l10n.t('Resume'), l10n.t('Show the Plot')];
  const answer = await window.showWarningMessage(text, resume, show);
  if (answer === resume) await resumeRun(services, directory);
  else if (answer === show) await openRun(services, directory);
}

/** The run once nobody trains it any more; undefined where it is gone or another process goes on with it. */
async function whenStill(
  { index }: Services,
  directory: string,
): Promise<RunListEntry | undefined> {
  for (let look = 0; look < mostLooks; look++) {
    await index.refresh([path.dirname(directory)]);
    const run = index.find(directory);
    if (run?.state !== 'running') return run;
    await sleep(lookEveryMs);
  }
  return undefined;
}
