/** Every command of the extension, once. A test compares this table with package.json. */
import type { Uri } from 'vscode';

/** Id to handler. VS Code passes the clicked resource to commands of its menus. */
export interface CommandSignatures {
  'trainbench.run.start': (resource?: Uri) => Promise<void>;
  'trainbench.run.pause': () => Promise<void>;
  'trainbench.run.continue': () => Promise<void>;
  'trainbench.run.stop': () => Promise<void>;
  /** A run's directory; without it the run on show, or one that the user picks. */
  'trainbench.run.predict': (directory?: unknown) => Promise<void>;
  'trainbench.plot.show': () => Promise<void>;
  'trainbench.log.show': () => Promise<void>;
}

export type CommandId = keyof CommandSignatures;

export interface CommandSpec {
  /** Runs nothing in a workspace that the user does not trust. */
  readonly needsTrust: boolean;
}

export const commandTable: Readonly<Record<CommandId, CommandSpec>> = {
  'trainbench.run.start': { needsTrust: true },
  'trainbench.run.pause': { needsTrust: false },
  'trainbench.run.continue': { needsTrust: false },
  'trainbench.run.stop': { needsTrust: false },
  'trainbench.run.predict': { needsTrust: true },
  'trainbench.plot.show': { needsTrust: false },
  'trainbench.log.show': { needsTrust: false },
};

export const commandIds = Object.keys(commandTable) as readonly CommandId[];
