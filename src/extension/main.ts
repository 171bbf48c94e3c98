/** Activation: builds the objects and wires them. Nothing runs here but the core's warm-up. */
import { commands, env, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { useLanguage } from '../shared/language.ts';
import { followRuns, RunController } from './runs/runController.ts';
import type { RunIndex } from './runs/runIndex.ts';
import { RunStore } from './runs/runStore.ts';
import { TrainingNote } from './runs/trainingNote.ts';
import type { CommandId } from './commands/commandTable.ts';
import { offerOtherDevice } from './commands/deviceLost.ts';
import { offerResume } from './commands/offerResume.ts';
import { registerKernels } from './commands/profile.ts';
import { registerCommands } from './commands/registerCommands.ts';
import type { ContextKeys } from './config/settings.ts';
import { nodePath } from './core/cliProgram.ts';
import { chosenAdapter, followAdapter } from './core/adapterSetting.ts';
import { chosenDevice } from './core/deviceSetting.ts';
import { connectCore } from './core/connectCore.ts';
import { CoreService } from './core/coreService.ts';
import { ConfigChecks } from './editor/configChecks.ts';
import { createConfigLens } from './editor/configLens.ts';
import { createComputeYamlSupport } from './editor/computeYamlSupport.ts';
import { registerTrainTasks } from './editor/trainTasks.ts';
import type { AzureDoor } from './explorer/azureDoor.ts';
import { createExplorer } from './explorer/createExplorer.ts';
import type { Disposes } from './lifetime.ts';
import { closeDeadTabs } from './panels/deadTabs.ts';
import { DataPanel } from './panels/dataPanel.ts';
import { ExplainPanel } from './panels/explainPanel.ts';
import { LossPlotPanel } from './panels/lossPlotPanel.ts';
import { EvaluatePanel } from './panels/evaluatePanel.ts';
import { PredictPanel } from './panels/predictPanel.ts';
import { ProfilePanel } from './panels/profilePanel.ts';
import { WeightsPanel } from './panels/weightsPanel.ts';
import type { Services } from './services.ts';
import { MachineDoor } from './ssh/machineDoor.ts';
import { offerAfterLoss } from './ssh/machineLost.ts';
import { createLog, logCoreLine, logRunChange } from './ui/log.ts';
import type { Log } from './ui/guardedLog.ts';
import { Problems } from './ui/problems.ts';
import { ActionRunner } from './ui/runAction.ts';
import { createStatusBar } from './ui/statusBar.ts';

/** What tests of the running extension look at. */
export interface TrainbenchApi {
  readonly store: RunStore;
  readonly index: RunIndex;
  readonly azure: AzureDoor;
}

export async function activate(context: ExtensionContext): Promise<TrainbenchApi> {
  await useLanguage(env.language);
  // The core and the command line, which we start, keep there what is installed on request.
  process.env['TRAINBENCH_STORAGE'] ??= context.globalStorageUri.fsPath;
  const services = createServices(context);
  const { core, data, evaluation, explain, log, plot, predict, weights, problems, store } =
    services;
  const own = (...parts: readonly Disposes[]) => context.subscriptions.push(...parts);
  own(log, core, problems, data, evaluation, plot, explain, predict, weights);
  own(createStatusBar(store));
  own(store.onDidChange((change, run) => logRunChange(log, change, run)));
  own(store.onDidChange((_change, run) => setContext('trainbench.runState', run.state)));
  own(...registerCommands(services), services.checks, createConfigLens(services));
  own(services.profile, registerKernels(services));
  own(registerTrainTasks(context.extensionPath), createComputeYamlSupport(services));
  own(workspace.onDidGrantWorkspaceTrust(() => core.warmUp()));
  // The first click then finds a running core.
  if (workspace.isTrusted) core.warmUp();
  own(followTraining(context, services), offerOtherDevice(services), followAdapter(services));
  own(offerAfterLoss(services));
  return { store, index: services.index, azure: services.azure };
}

/** A run that ends with this window is offered to the next one. */
function followTraining(context: ExtensionContext, services: Services): Disposes {
  const { fsPath } = context.storageUri ?? context.globalStorageUri;
  const note = new TrainingNote(fsPath);
  const deadTabs = context.storageUri === undefined ? null : closeDeadTabs(fsPath);
  if (deadTabs !== null) context.subscriptions.push(deadTabs);
  const reopen = deadTabs?.found ?? false;
  if (workspace.isTrusted)
    void services.actions.run('offer to resume', () => offerResume(services, note, reopen));
  return note.follow(services.store);
}

function createServices(context: ExtensionContext): Services {
  const log = createLog();
  const actions = new ActionRunner(log);
  const store = new RunStore();
  const core = createCore(context, { log, actions, store });
  const controller = new RunController({
    store,
    client: () => core.client(),
    device: chosenDevice,
  });
  const explorer = createExplorer(context, { actions, core, log, store });
  const views = {
    extensionUri: context.extensionUri,
    actions,
    store,
    client: () => core.client(),
  };
  const plot = new LossPlotPanel({
    ...explorer.plots,
    store,
    controller,
    isSteerable: () => store.isActive,
  });
  const explain = new ExplainPanel({ ...views, controller });
  const evaluation = new EvaluatePanel(views);
  const data = new DataPanel(views);
  const predict = new PredictPanel(views);
  const profile = new ProfilePanel(views);
  const weights = new WeightsPanel(views);
  const problems = new Problems();
  return {
    extensionUri: context.extensionUri,
    storage: context.globalStorageUri.fsPath,
    log,
    actions,
    store,
    core,
    controller,
    data,
    plot,
    evaluation,
    explain,
    predict,
    profile,
    weights,
    problems,
    checks: new ConfigChecks({ actions, core, problems }),
    machineDoor: new MachineDoor({ core, secrets: context.secrets, list: explorer.machines }),
    ...explorer,
  };
}

interface CoreParts {
  readonly log: Log;
  readonly actions: ActionRunner;
  readonly store: RunStore;
}

function createCore(context: ExtensionContext, { log, actions, store }: CoreParts): CoreService {
  const core: CoreService = new CoreService({
    connect: () =>
      connectCore({
        extensionPath: context.extensionPath,
        nodePath: nodePath(),
        adapter: chosenAdapter(),
        log,
      }),
    onConnect: (client) => {
      client.on('log/line', (line) => logCoreLine(log, line));
      followRuns(client, store);
    },
    onExit: (error) => {
      const lost = store.lost(error.message) ? store.run?.info?.directory : undefined;
      const again = 'trainbench.run.resume' satisfies CommandId;
      const resume = lost === undefined ? null : () => commands.executeCommand(again, lost);
      void actions.reportCoreExit(error, { restart: () => core.restart(), resume });
    },
  });
  return core;
}

function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void commands.executeCommand('setContext', key, value);
}
