/** The one status bar item: the run's state and loss; a click opens the plot. */
import { env, l10n, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { StatusBarItem } from 'vscode';
import { activeStates } from '../runs/runStore.ts';
import type { RunRecord, RunStore } from '../runs/runStore.ts';
import type { CommandId } from '../commands/commandTable.ts';
import { statusBarView } from './statusBarView.ts';
import { throttle } from './throttle.ts';

/** Short, because the first loss comes right after the start. */
const drawEveryMs = 30;

export function createStatusBar(store: RunStore): { dispose(): void } {
  const item = window.createStatusBarItem('trainbench.run', StatusBarAlignment.Left, 50);
  item.name = l10n.t('Training Run');
  item.command = 'trainbench.plot.show' satisfies CommandId;
  const drawSoon = throttle(() => {
    if (store.run !== null) draw(item, store.run);
  }, drawEveryMs);
  const subscription = store.onDidChange(drawSoon);
  return {
    dispose() {
      drawSoon.dispose();
      subscription.dispose();
      item.dispose();
    },
  };
}

function draw(item: StatusBarItem, run: RunRecord): void {
  const view = statusBarView(run, (message, ...args) => translate(message, args), env.language);
  item.text = view.text;
  item.accessibilityInformation = { label: view.accessibleText };
  item.backgroundColor = view.failed ? new ThemeColor('statusBarItem.errorBackground') : undefined;
  item.tooltip = tooltip(run, view.facts);
  item.show();
}

function translate(message: string, args: (string | number)[]): string {
  return l10n.t(message, ...args);
}

/** What is known, and what can be done, as links. */
function tooltip(run: RunRecord, facts: readonly string[]): MarkdownString {
  const text = new MarkdownString('', true);
  text.isTrusted = {
    enabledCommands: [
      'trainbench.run.pause',
      'trainbench.run.continue',
      'trainbench.run.stop',
      'trainbench.plot.show',
    ],
  };
  for (const fact of facts) text.appendText(`${fact}\n\n`);
  const links = actions(run).map(([label, command]) => `[${label}](command:${command})`);
  text.appendMarkdown(links.join(' · '));
  return text;
}

function actions(run: RunRecord): readonly (readonly [string, CommandId])[] {
  const plot = [l10n.t('Show the loss plot'), 'trainbench.plot.show'] as const;
  if (!activeStates.includes(run.state)) return [plot];
  const stop = [l10n.t('Stop and keep'), 'trainbench.run.stop'] as const;
  if (run.state === 'running') return [plot, [l10n.t('Pause'), 'trainbench.run.pause'], stop];
  if (run.state === 'paused') return [plot, [l10n.t('Continue'), 'trainbench.run.continue'], stop];
  return [plot, stop];
}
