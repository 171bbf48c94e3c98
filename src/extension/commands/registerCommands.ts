/** Registers every command of the table; each call runs through the error funnel. */
import { commands, l10n, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { directoryOf } from '../explorer/runNodes.ts';
import { azureHandlers } from './azureHandlers.ts';
import { installCuda } from './installCuda.ts';
import { lookAtData } from './lookAtData.ts';
import { openSample } from './openSample.ts';
import { showConfigProblems } from './configProblems.ts';
import { showKernels, showProfile } from './profile.ts';
import { chooseSavedRun, stopRun } from './savedRun.ts';
import { savedRunHandlers } from './savedRunHandlers.ts';
import { commandIds, commandTable } from './commandTable.ts';
import type { CommandId, CommandSignatures } from './commandTable.ts';
import { machineHandlers } from '../ssh/machineHandlers.ts';
import { trainConfig } from './trainConfig.ts';
import { trainData } from './trainData.ts';
import { useModel } from './useModel.ts';

type Handlers = { readonly [Id in CommandId]: CommandSignatures[Id] };

export function registerCommands(services: Services): readonly Disposable[] {
  const table = handlers(services);
  return commandIds.map((id) => {
    // The table ties each id to its arguments; VS Code passes what the menu or caller gives.
    const handler = table[id] as (...args: readonly unknown[]) => Promise<void>;
    return commands.registerCommand(id, (...args: readonly unknown[]) =>
      services.actions.run(id, () => {
        if (commandTable[id].needsTrust) requireTrust();
        return handler(...args);
      }),
    );
  });
}

function handlers(services: Services): Handlers {
  const { controller, explain, plot, predict, weights, log } = services;
  return {
    'trainbench.run.start': (resource) => trainConfig(services, resource),
    'trainbench.run.startPaused': (resource) =>
      trainConfig(services, resource, { startPaused: true }),
    'trainbench.config.problems': (resource) => showConfigProblems(services, resource),
    'trainbench.run.pause': () => controller.pause(),
    'trainbench.run.continue': () => controller.continue(),
    'trainbench.run.step': () => controller.step(),
    'trainbench.run.stop': (target) => stopRun(services, target),
    'trainbench.run.predict': (given) => withRun(services, given, (run) => predict.show(run)),
    'trainbench.run.useModel': (given) =>
      withRun(services, given, (run) => useModel(services, run)),
    'trainbench.data.train': (resource) => trainData(services, resource),
    'trainbench.data.look': (resource) => lookAtData(services, resource),
    'trainbench.plot.show': () => settled(() => plot.show()),
    'trainbench.log.show': () => settled(() => log.show()),
    'trainbench.step.explain': (given) => withRun(services, given, (run) => explain.show(run)),
    'trainbench.weights.show': (given) => withRun(services, given, (run) => weights.show(run)),
    'trainbench.profile.show': (given) => showProfile(services, given),
    'trainbench.kernels.show': (given) => showKernels(services, given),
    'trainbench.cuda.install': () => installCuda(services),
    'trainbench.sample.open': (named) => openSample(services, named),
    ...savedRunHandlers(services),
    ...azureHandlers(services),
    ...machineHandlers(services),
  };
}

function requireTrust(): void {
  if (workspace.isTrusted) return;
  const text = l10n.t(
    'Trainbench trains only in trusted workspaces, because a config names files to read and write.',
  );
  throw new AppError('workspace.untrusted', text);
}

/** The run that is named, or of the plot that the user is at, or on show; else one that the user picks. */
async function withRun(
  services: Services,
  given: unknown,
  action: (directory: string) => Promise<void>,
): Promise<void> {
  const { store, plot, savedPlots } = services;
  const active = plot.activeDirectory ?? savedPlots.activeDirectory;
  const meant = directoryOf(given) ?? active ?? store.run?.info?.directory;
  const directory = await chooseSavedRun(services, meant);
  if (directory !== undefined) await action(directory);
}

function settled(action: () => void): Promise<void> {
  action();
  return Promise.resolve();
}
