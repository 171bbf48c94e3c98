/** When the extension host has crashed, its tabs stay in the window; nobody answers their pages any more. */
import { env, TabInputWebview, window } from 'vscode';
import type { Memento, Tab } from 'vscode';
import { viewNames, viewType } from './viewNames.ts';

const sessionKey = 'trainbench.session';

/** Call at activation, before views open. @returns whether tabs were left over. */
export function closeDeadTabs(memory: Memento): boolean {
  const before = memory.get<string>(sessionKey);
  void memory.update(sessionKey, env.sessionId);
  // A reloaded window is another session: its tabs are given back to us one by one.
  if (before !== env.sessionId) return false;
  const dead = window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isOurs));
  void window.tabGroups.close(dead, true);
  return dead.length > 0;
}

function isOurs({ input }: Tab): boolean {
  // VS Code puts a prefix of its own before the type.
  return (
    input instanceof TabInputWebview &&
    viewNames.some((view) => input.viewType.endsWith(viewType(view)))
  );
}
