/**
 * When the extension host has crashed, its tabs stay in the window and nobody answers their pages any more; after a
 * reload of the window, tabs of the same look are given back to us one by one. What tells the two apart is whether the
 * last host came to its end: then it removed its mark. VS Code's id of the session says the same, but has one value
 * for all sessions where telemetry is off.
 */
import fs from 'node:fs';
import path from 'node:path';
import { env, TabInputWebview, window } from 'vscode';
import type { Tab } from 'vscode';
import type { Disposes } from '../lifetime.ts';
import { viewNames, viewType } from './viewNames.ts';

export interface DeadTabs extends Disposes {
  /** Whether tabs were left over. */
  readonly found: boolean;
}

/**
 * Call at activation, before views open; dispose it at the end.
 * @param folder of the extension for this workspace: its windows come one after the other
 */
export function closeDeadTabs(folder: string): DeadTabs {
  const mark = path.join(folder, 'session');
  const crashed = readMark(mark) === env.sessionId;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(mark, env.sessionId);
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const dead = crashed ? tabs.filter(isOurs) : [];
  if (dead.length > 0) void window.tabGroups.close(dead, true);
  return { found: dead.length > 0, dispose: () => fs.rmSync(mark, { force: true }) };
}

/** Null where there is none. */
function readMark(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function isOurs({ input }: Tab): boolean {
  // VS Code puts a prefix of its own before the type.
  return (
    input instanceof TabInputWebview &&
    viewNames.some((view) => input.viewType.endsWith(viewType(view)))
  );
}
