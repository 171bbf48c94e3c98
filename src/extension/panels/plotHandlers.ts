/** Answers what the page of a plot asks. */
import { commands, env, l10n, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import { formatValue } from '../../shared/numberFormat.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { LossPlotContract, LossPlotState } from '../../shared/protocol/views/lossPlot.ts';
import type { CommandId } from '../commands/commandTable.ts';
import type { RunPicker } from '../explorer/pickRuns.ts';
import type { PlotSession } from '../plots/plotSession.ts';
import { csvText } from '../runs/csv.ts';
import type { Cell } from '../runs/csv.ts';
import type { RunController } from '../runs/runController.ts';

export interface PlotHandlerParts {
  readonly session: PlotSession;
  readonly controller: RunController;
  readonly pickRuns: RunPicker;
}

export function plotHandlers(
  parts: PlotHandlerParts,
  state: () => LossPlotState,
): Handlers<LossPlotContract> {
  const { session } = parts;
  return {
    'view/ready': state,
    'plot/draw': (wish) => session.draw(wish),
    'plot/values': (wish) => session.values(wish),
    'plot/table': async ({ first, count }) => {
      const { header, rows } = await session.table();
      const shown = rows.slice(first, first + count).map((row) => row.map(cellText));
      return { header, rows: shown, count: rows.length };
    },
    'plot/copyTable': () => done(copyTable(session)),
    'plot/exportTable': () => done(exportTable(session)),
    'plot/addRun': () => done(addRuns(parts)),
    'plot/removeRun': ({ directory }) => {
      session.remove(directory);
      return {};
    },
    ...runHandlers(parts),
  };
}

type RunRequest = Extract<keyof LossPlotContract['requests'], `run/${string}`>;

function runHandlers({
  controller,
  session,
}: PlotHandlerParts): Pick<Handlers<LossPlotContract>, RunRequest> {
  const command = (id: CommandId) => done(commands.executeCommand(id, session.runs[0]?.directory));
  return {
    'run/pause': () => done(controller.pause()),
    'run/continue': () => done(controller.continue()),
    'run/step': () => done(controller.step()),
    'run/stop': () => done(controller.stop()),
    'run/resume': () => command('trainbench.run.resume'),
    'run/predict': () => command('trainbench.run.predict'),
    'run/weights': () => command('trainbench.weights.show'),
  };
}

async function done(action: PromiseLike<unknown>) {
  await action;
  return {};
}

/** Counts as they are, values as people read them. */
function cellText(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? '';
  return Number.isInteger(cell) ? String(cell) : formatValue(cell, env.language);
}

async function tableText(session: PlotSession): Promise<string> {
  const { header, rows } = await session.table();
  return csvText([header, ...rows]);
}

async function copyTable(session: PlotSession): Promise<void> {
  await env.clipboard.writeText(await tableText(session));
  // It goes by itself; nobody waits for that.
  void window.setStatusBarMessage(l10n.t('Copied the epochs as CSV'), 3000);
}

async function exportTable(session: PlotSession): Promise<void> {
  const [first] = session.runs;
  if (first === undefined) return;
  const target = await window.showSaveDialog({
    title: l10n.t('Save the epochs as'),
    defaultUri: Uri.joinPath(Uri.file(first.directory), '..', `${first.name}-epochs.csv`),
    filters: { CSV: ['csv'] },
  });
  if (target === undefined) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(await tableText(session)));
  await window.showTextDocument(target);
}

/** @throws AppError `run.corrupt` naming those of the chosen runs that cannot be read. */
async function addRuns({ session, pickRuns }: PlotHandlerParts): Promise<void> {
  const shown = session.runs.map(({ directory }) => directory);
  const chosen = await pickRuns({ title: l10n.t('Add which runs to the plot?'), except: shown });
  if (chosen.length === 0) return;
  const problems = await session.add(chosen);
  if (problems.length > 0) throw new AppError('run.corrupt', problems.join('\n'));
}
