/** What can be done with a run on disk: plot, go on, measure, show in the file manager, delete. */
import path from 'node:path';
import { commands, env, l10n, UIKind, Uri, window } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import type { DeviceName, RunId, RunListEntry } from '../../shared/protocol/core.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import { directoryOf } from '../explorer/runNodes.ts';
import { runView } from '../explorer/runView.ts';
import type { Services } from '../services.ts';
import { configTitle, isConfig } from './configFiles.ts';
import { endActiveRun } from './trainConfig.ts';

function translate(message: string, ...args: (string | number)[]): string {
  return l10n.t(message, ...args);
}

/** The run that a menu or caller names, or one that the user picks. @throws AppError where there is none. */
export async function chooseSavedRun(
  { index, runFolders }: Services,
  target: unknown,
): Promise<string | undefined> {
  const directory = directoryOf(target);
  if (directory !== undefined) return directory;
  await runFolders.search();
  if (index.runs.length === 0) {
    throw new AppError('run.notFound', l10n.t('There is no run here yet. Train a config first.'));
  }
  const items = index.runs.map((run) => {
    const { label, description, details } = runView(run, translate, {
      locale: env.language,
    });
    return { label, description, detail: details[1] ?? '', directory: run.directory };
  });
  const title = l10n.t('Which run?');
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.directory;
}

/** All selected rows where the clicked one is among them; else the one that is named, or those that the user picks. */
export async function chooseSavedRuns(
  { plots }: Services,
  { target, selected }: ChosenRows,
  title: string,
): Promise<readonly string[]> {
  const chosen = selectedRuns(selected);
  if (chosen.length > 1) return chosen;
  const one = directoryOf(target);
  return one === undefined ? plots.pickRuns({ title, except: [] }) : [one];
}

/** What VS Code passes to a command of the tree's menu: the clicked row, and all rows that are selected with it. */
export interface ChosenRows {
  readonly target: unknown;
  readonly selected: unknown;
}

/** Each once. */
export function selectedRuns(selected: unknown): readonly string[] {
  const nodes: readonly unknown[] = Array.isArray(selected) ? selected : [];
  return [...new Set(nodes.map(directoryOf).filter((directory) => directory !== undefined))];
}

/** The live plot for the run in training or on show, a plot of its own for any other. */
export async function openRun(services: Services, directory: string): Promise<void> {
  const { plot, savedPlots, store } = services;
  if (store.run?.info?.directory === directory) plot.show();
  else await savedPlots.open(directory);
}

/** What a resumed run is to have otherwise than before. */
export interface ResumeWish {
  readonly device?: DeviceName;
  /** Null for this machine; without it the user says, where the run trained on another one. */
  readonly machine?: SshMachine | null;
}

export async function resumeRun(
  services: Services,
  directory: string,
  { device, machine: wanted }: ResumeWish = {},
): Promise<void> {
  const { controller, core, index, plot, savedPlots, store } = services;
  if (store.isActive) {
    if (store.run?.info?.directory === directory) {
      plot.show();
      return;
    }
    if (!(await endActiveRun(services))) return;
  }
  const client = await core.client();
  const saved = await client.request('run/read', { directory });
  const epochs = saved.state === 'completed' ? await askEpochs(saved) : saved.epochs;
  if (epochs === undefined) return;
  const machine = wanted === undefined ? await chooseMachine(services, saved) : wanted;
  if (machine === undefined) return;
  if (machine !== null) await services.machineDoor.connect(machine);
  savedPlots.close(directory);
  const work = controller.resume(saved, {
    ...(epochs > saved.epochs && { epochs }),
    ...(device !== undefined && { device }),
    ...(machine !== null && { machine }),
  });
  plot.show();
  await work;
  await index.refresh([path.dirname(directory)]);
}

/** Null for this one; undefined where the user gives up. */
async function chooseMachine(
  { machines }: Services,
  { name, machine }: RunListEntry,
): Promise<SshMachine | null | undefined> {
  const known = machine === undefined ? undefined : machines.find(machine);
  if (known === undefined) return null;
  const there = { label: known.name, description: l10n.t('where it trained'), machine: known };
  const here = { label: l10n.t('This machine'), description: '', machine: null };
  const title = l10n.t('Go on with {0} on which machine?', name);
  return (await window.showQuickPick([there, here], { title }))?.machine;
}

/** A finished run goes on only to a greater number of epochs. */
async function askEpochs({ name, epochs }: RunListEntry): Promise<number | undefined> {
  const answer = await window.showInputBox({
    title: l10n.t('Go On with {0}', name),
    prompt: l10n.t('It has done all of its {0} epochs. How many should it have?', epochs),
    value: String(2 * epochs),
    validateInput: (text) =>
      Number.isInteger(Number(text)) && Number(text) > epochs
        ? undefined
        : l10n.t('A whole number greater than {0}', epochs),
  });
  return answer === undefined ? undefined : Number(answer);
}

/** Stops the run on show, or another run of this core. */
export async function stopRun(
  { controller, core, store }: Services,
  target: unknown,
): Promise<void> {
  const directory = directoryOf(target);
  if (directory === undefined || store.run?.info?.directory === directory) {
    await controller.stop();
    return;
  }
  // The core names its runs by their folders.
  await (await core.client()).request('run/stop', { runId: directory as RunId });
}

export function evaluateRun({ evaluation }: Services, directory: string): Promise<void> {
  return evaluation.show(directory);
}

/** In the file manager of the desktop; over a remote link there is none, so in the explorer. */
export async function revealRun(directory: string): Promise<void> {
  const desktop = env.uiKind === UIKind.Desktop && env.remoteName === undefined;
  const command = desktop ? 'revealFileInOS' : 'revealInExplorer';
  await commands.executeCommand(command, Uri.file(directory));
}

/** Predicts with the newest run of a config. @throws AppError where it has none. */
export async function newestRunOf({ index, runFolders }: Services, config: Uri): Promise<string> {
  await runFolders.search();
  const run = index.runs.find(({ configFile }) => configFile === config.fsPath);
  if (run !== undefined) return run.directory;
  const name = isConfig(config) ? configTitle(config) : config.fsPath;
  throw new AppError('run.notFound', l10n.t('{0} has no run yet. Train it first.', name));
}
