/** The commands about runs on disk, and about the views that list them. */
import { Uri } from 'vscode';
import type { Services } from '../services.ts';
import type { CommandSignatures } from './commandTable.ts';
import { compareRuns } from './compareRuns.ts';
import { deleteRuns } from './deleteRuns.ts';
import { exportRuns, predictCsv } from './runFiles.ts';
import {
  chooseSavedRun,
  evaluateRun,
  newestRunOf,
  openRun,
  resumeRun,
  revealRun,
} from './savedRun.ts';

type Ids =
  | `trainbench.run.${'open' | 'compare' | 'resume' | 'evaluate' | 'predictCsv' | 'export' | 'reveal' | 'delete'}`
  | 'trainbench.runs.refresh';

export function savedRunHandlers(services: Services): Pick<CommandSignatures, Ids> {
  const { runFolders } = services;
  const withRun =
    (act: (services: Services, directory: string) => Promise<void>) => async (target?: unknown) => {
      const directory =
        target instanceof Uri
          ? await newestRunOf(services, target)
          : await chooseSavedRun(services, target);
      if (directory !== undefined) await act(services, directory);
    };
  return {
    'trainbench.run.open': withRun(openRun),
    'trainbench.run.compare': (target, selected) => compareRuns(services, target, selected),
    'trainbench.run.resume': withRun((own, directory) => resumeRun(own, directory)),
    'trainbench.run.evaluate': withRun(evaluateRun),
    'trainbench.run.predictCsv': withRun(predictCsv),
    'trainbench.run.export': (target, selected) => exportRuns(services, { target, selected }),
    'trainbench.run.reveal': withRun((_services, directory) => revealRun(directory)),
    'trainbench.run.delete': (target, selected) => deleteRuns(services, { target, selected }),
    'trainbench.runs.refresh': () => runFolders.search(),
  };
}
