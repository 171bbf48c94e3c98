/** The main job: a config becomes a run with a live plot. */
import { l10n, window } from 'vscode';
import type { Uri } from 'vscode';
import { AppError, isError } from '../../shared/errors.ts';
import { hasErrors } from '../../shared/diagnostics.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import type { Services } from '../services.ts';
import { showLongPreparation } from '../ui/preparing.ts';
import { chooseConfig, configTitle, saveIfDirty } from './configFiles.ts';

export interface TrainWish {
  /** Prepares the run and waits. */
  readonly startPaused?: boolean;
  /** Trains there and not on this machine. */
  readonly machine?: SshMachine;
}

/** @throws AppError where the config does not train; its diagnostics are in the Problems panel by then. */
export async function trainConfig(
  services: Services,
  clicked?: Uri,
  { startPaused = false, machine }: TrainWish = {},
): Promise<void> {
  const { checks, controller, plot, problems, store } = services;
  const title = l10n.t('Which config do you want to train?');
  const config = await chooseConfig({ clicked, title, checks });
  if (config === undefined) return;
  await saveIfDirty(config);
  await requireReadable(services, config);
  if (store.isActive && !(await endActiveRun(services))) return;
  if (machine !== undefined) await services.machineDoor.connect(machine);
  const work = controller.start(config.fsPath, configTitle(config), { startPaused, machine });
  plot.show();
  showLongPreparation({
    name: configTitle(config),
    store,
    work,
    cancel: () => services.actions.run('cancel', () => controller.stop()),
  });
  try {
    problems.show(config, (await work).diagnostics);
  } catch (error) {
    throw withProblems(services, config, error);
  }
}

/** Before a plot opens, or another run ends for this one. @throws AppError `config.invalid`. */
async function requireReadable(services: Services, config: Uri): Promise<void> {
  const diagnostics = await services.checks.check(config);
  if (!hasErrors(diagnostics)) return;
  throw withProblems(services, config, new AppError('config.invalid', '', { diagnostics }));
}

/** Puts what the core found wrong in the Problems panel; the message then only has to point there. */
function withProblems({ problems }: Services, config: Uri, error: unknown): unknown {
  if (!(error instanceof AppError) || error.diagnostics.length === 0) return error;
  problems.show(config, error.diagnostics);
  if (!isError(error, 'config.invalid') || !hasErrors(error.diagnostics)) return error;
  const count = error.diagnostics.filter((d) => d.severity === 'error').length;
  const name = configTitle(config);
  const text =
    count === 1
      ? l10n.t('{0} cannot be trained: one problem in its config.', name)
      : l10n.t('{0} cannot be trained: {1} problems in its config.', name, count);
  return new AppError('config.invalid', text, { cause: error, diagnostics: error.diagnostics });
}

/** One run at a time: asks what to do with the other. @returns whether the new one may start. */
export async function endActiveRun({ store, controller, plot }: Services): Promise<boolean> {
  const stop = l10n.t('Stop and Keep It');
  const show = l10n.t('Show It');
  const question = l10n.t('{0} is still training.', store.run?.name ?? '');
  const answer = await window.showWarningMessage(question, stop, show);
  if (answer === show) plot.show();
  if (answer !== stop) return false;
  await controller.stop();
  return true;
}
