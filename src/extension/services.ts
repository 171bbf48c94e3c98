/** What command handlers work with; main.ts builds it. */
import type { Uri } from 'vscode';
import type { CoreService } from './core/coreService.ts';
import type { Explorer } from './explorer/createExplorer.ts';
import type { ConfigChecks } from './editor/configChecks.ts';
import type { DataPanel } from './panels/dataPanel.ts';
import type { EvaluatePanel } from './panels/evaluatePanel.ts';
import type { ExplainPanel } from './panels/explainPanel.ts';
import type { LossPlotPanel } from './panels/lossPlotPanel.ts';
import type { PredictPanel } from './panels/predictPanel.ts';
import type { ProfilePanel } from './panels/profilePanel.ts';
import type { MachineDoor } from './ssh/machineDoor.ts';
import type { RunController } from './runs/runController.ts';
import type { RunStore } from './runs/runStore.ts';
import type { Log } from './ui/guardedLog.ts';
import type { Problems } from './ui/problems.ts';
import type { ActionRunner } from './ui/runAction.ts';
import type { WeightsPanel } from './panels/weightsPanel.ts';

export interface Services extends Explorer {
  readonly extensionUri: Uri;
  /** Of the extension, for all workspaces. */
  readonly storage: string;
  readonly log: Log;
  readonly actions: ActionRunner;
  readonly core: CoreService;
  readonly store: RunStore;
  readonly controller: RunController;
  readonly data: DataPanel;
  readonly plot: LossPlotPanel;
  readonly evaluation: EvaluatePanel;
  readonly explain: ExplainPanel;
  readonly predict: PredictPanel;
  readonly profile: ProfilePanel;
  readonly weights: WeightsPanel;
  readonly machineDoor: MachineDoor;
  readonly problems: Problems;
  readonly checks: ConfigChecks;
}
