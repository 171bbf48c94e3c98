/** *Compare Runs*: several runs in one plot. */
import path from 'node:path';
import { l10n } from 'vscode';
import { directoryOf } from '../explorer/runNodes.ts';
import type { Services } from '../services.ts';
import { openRun, selectedRuns } from './savedRun.ts';

export async function compareRuns(
  services: Services,
  target: unknown,
  selected: unknown,
): Promise<void> {
  const directories = await chooseRuns(services, target, selected);
  const [first, ...others] = liveFirst(directories, services.store.run?.info?.directory);
  if (first === undefined) return;
  if (others.length === 0) await openRun(services, first);
  else await services.savedPlots.open(first, others);
}

/** Several selected rows say it; one row is compared with what the user picks. */
async function chooseRuns(
  { plots }: Services,
  target: unknown,
  selected: unknown,
): Promise<readonly string[]> {
  const chosen = selectedRuns(selected);
  if (chosen.length > 1) return chosen;
  const one = directoryOf(target);
  if (one === undefined) {
    return plots.pickRuns({ title: l10n.t('Compare which runs?'), except: [] });
  }
  const title = l10n.t('Compare {0} with which runs?', path.basename(one));
  const others = await plots.pickRuns({ title, except: [one] });
  return others.length === 0 ? [] : [one, ...others];
}

/** A plot can steer its first run alone. */
function liveFirst(directories: readonly string[], live: string | undefined): readonly string[] {
  if (live === undefined || !directories.includes(live)) return directories;
  return [live, ...directories.filter((directory) => directory !== live)];
}
