/** Everything about runs on disk: their index, how it follows the files, their plots. */
import path from 'node:path';
import type { ExtensionContext } from 'vscode';
import type { CoreService } from '../core/coreService.ts';
import type { Disposes } from '../lifetime.ts';
import { PlotData } from '../../plotData/plotData.ts';
import type { PlotServices } from '../panels/lossPlotPanel.ts';
import { SavedPlots } from '../panels/savedPlots.ts';
import { RunIndex } from '../runs/runIndex.ts';
import { MachineList } from '../ssh/machineList.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { Log } from '../ui/guardedLog.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { AzureDoor } from './azureDoor.ts';
import { createComputeTree } from './computeTree.ts';
import type { ComputeTree } from './computeTree.ts';
import { createRunPicker } from './pickRuns.ts';
import { RunFolders } from './runFolders.ts';
import { createRunsTree } from './runsTree.ts';

export interface Explorer {
  readonly index: RunIndex;
  readonly runFolders: RunFolders;
  readonly savedPlots: SavedPlots;
  readonly plots: PlotServices;
  readonly computeTree: ComputeTree;
  readonly azure: AzureDoor;
  readonly machines: MachineList;
  readonly places: Places;
}

export interface Places {
  /** The samples that ship with the extension. */
  readonly samples: string;
  /** The user's copies of them, where he chooses no other place. */
  readonly sampleCopies: string;
}

export interface ExplorerParts {
  readonly actions: ActionRunner;
  readonly core: CoreService;
  readonly log: Log;
  readonly store: RunStore;
}

/** What it makes ends with the extension. */
export function createExplorer(
  context: ExtensionContext,
  { actions, core, log, store }: ExplorerParts,
): Explorer {
  const { extensionPath, extensionUri, globalStorageUri, subscriptions, workspaceState } = context;
  const client = () => core.client();
  const index = new RunIndex(client);
  const runFolders = new RunFolders({ index, store, actions, memory: workspaceState });
  const plots: PlotServices = {
    extensionUri,
    client,
    data: new PlotData(),
    pickRuns: createRunPicker(index, runFolders),
    onRequestError: (error, request) => void actions.report(request, error),
  };
  const savedPlots = new SavedPlots({ ...plots, index, actions, live: store });
  const azure = new AzureDoor({ context, actions, log });
  const machines = new MachineList();
  const computeTree = createComputeTree({ client, actions, azure, machines });
  const runsTree: Disposes = createRunsTree({ index, store, search: () => runFolders.search() });
  subscriptions.push(runFolders, savedPlots, computeTree, azure, machines, runsTree);
  const places = {
    samples: path.join(extensionPath, 'samples'),
    sampleCopies: path.join(globalStorageUri.fsPath, 'samples'),
  };
  return { index, runFolders, savedPlots, plots, computeTree, azure, machines, places };
}
