/** Every command of the extension, once. A test compares this table with package.json. */
import type { Uri } from 'vscode';

/** Id to handler. VS Code passes the clicked resource to commands of its menus. */
export interface CommandSignatures {
  'trainbench.run.start': (resource?: Uri) => Promise<void>;
  /** Prepares the run and waits for *Continue* or *Step*. */
  'trainbench.run.startPaused': (resource?: Uri) => Promise<void>;
  /** What is wrong with a config, in the Problems panel. */
  'trainbench.config.problems': (resource?: Uri) => Promise<void>;
  'trainbench.run.pause': () => Promise<void>;
  'trainbench.run.continue': () => Promise<void>;
  /** One step of a paused run. */
  'trainbench.run.step': () => Promise<void>;
  'trainbench.run.stop': (target?: unknown) => Promise<void>;
  /** A run's directory; without it the run on show, or one that the user picks. */
  'trainbench.run.predict': (directory?: unknown) => Promise<void>;
  'trainbench.run.useModel': (directory?: unknown) => Promise<void>;
  /** Proposes a config for a table. */
  'trainbench.data.train': (resource?: Uri) => Promise<void>;
  /** At a table, or at the data of a config. */
  'trainbench.data.look': (resource?: Uri) => Promise<void>;
  'trainbench.plot.show': () => Promise<void>;
  'trainbench.log.show': () => Promise<void>;
  /** As for `run.predict`. */
  'trainbench.step.explain': (target?: unknown) => Promise<void>;
  'trainbench.weights.show': (target?: unknown) => Promise<void>;
  /** A config, a run's directory or node; without it what is in front, or a config that the user picks. */
  'trainbench.profile.show': (target?: unknown) => Promise<void>;
  'trainbench.kernels.show': (target?: unknown) => Promise<void>;
  /** Of a run on disk: a node of the Runs tree or a directory; without it one that the user picks. */
  'trainbench.run.open': (target?: unknown) => Promise<void>;
  /** Several of them: the nodes that are selected beside the clicked one, or those that the user picks. */
  'trainbench.run.compare': (target?: unknown, selected?: unknown) => Promise<void>;
  'trainbench.run.resume': (target?: unknown) => Promise<void>;
  'trainbench.run.evaluate': (target?: unknown) => Promise<void>;
  /** Also a config, for its newest run. */
  'trainbench.run.predictCsv': (target?: unknown) => Promise<void>;
  /** As for `run.compare`. */
  'trainbench.run.export': (target?: unknown, selected?: unknown) => Promise<void>;
  'trainbench.run.reveal': (target?: unknown) => Promise<void>;
  'trainbench.run.delete': (target?: unknown, selected?: unknown) => Promise<void>;
  'trainbench.runs.refresh': () => Promise<void>;
  /** A node of Azure's, or all of the view. */
  'trainbench.compute.refresh': (node?: unknown) => Promise<void>;
  /** A node of an account or a directory; without it an account that the user picks. */
  'trainbench.azure.signIn': (node?: unknown) => Promise<void>;
  'trainbench.azure.demo': () => Promise<void>;
  'trainbench.azure.filter': () => Promise<void>;
  /** The node that stands for the rest of a list. */
  'trainbench.azure.loadMore': (node?: unknown) => Promise<void>;
  /** A compute of Azure's; without it one that the user picks. */
  'trainbench.azure.details': (node?: unknown) => Promise<void>;
  'trainbench.azure.createCluster': (node?: unknown) => Promise<void>;
  'trainbench.azure.createInstance': (node?: unknown) => Promise<void>;
  'trainbench.azure.createOrAttach': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachMachine': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachKubernetes': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachSpark': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachDatabricks': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachHdInsight': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachAks': (node?: unknown) => Promise<void>;
  'trainbench.azure.attachBatch': (node?: unknown) => Promise<void>;
  'trainbench.azure.reattach': (node?: unknown) => Promise<void>;
  /** Of the file in the editor where a menu gives none. */
  'trainbench.azure.createFromYaml': (file?: unknown) => Promise<void>;
  'trainbench.azure.showYaml': (node?: unknown) => Promise<void>;
  'trainbench.azure.connect': (node?: unknown) => Promise<void>;
  'trainbench.azure.scale': (node?: unknown) => Promise<void>;
  'trainbench.azure.toZero': (node?: unknown) => Promise<void>;
  'trainbench.azure.identity': (node?: unknown) => Promise<void>;
  'trainbench.workspace.create': (node?: unknown) => Promise<void>;
  'trainbench.workspace.setDefault': (node?: unknown) => Promise<void>;
  'trainbench.workspace.openStudio': (node?: unknown) => Promise<void>;
  'trainbench.workspace.writeConfig': (node?: unknown) => Promise<void>;
  'trainbench.workspace.readConfig': () => Promise<void>;
  'trainbench.workspace.delete': (node?: unknown) => Promise<void>;
  /** Resource groups and storage: a node of theirs, or what is above it; without it the user picks. */
  'trainbench.group.create': (node?: unknown) => Promise<void>;
  'trainbench.group.delete': (node?: unknown) => Promise<void>;
  'trainbench.storage.createAccount': (node?: unknown) => Promise<void>;
  'trainbench.storage.createContainer': (node?: unknown) => Promise<void>;
  'trainbench.storage.createShare': (node?: unknown) => Promise<void>;
  'trainbench.storage.createFolder': (node?: unknown) => Promise<void>;
  'trainbench.storage.uploadFiles': (node?: unknown) => Promise<void>;
  'trainbench.storage.uploadFolder': (node?: unknown) => Promise<void>;
  'trainbench.storage.download': (node?: unknown) => Promise<void>;
  'trainbench.storage.delete': (node?: unknown) => Promise<void>;
  'trainbench.azure.start': (node?: unknown) => Promise<void>;
  'trainbench.azure.stop': (node?: unknown) => Promise<void>;
  'trainbench.azure.restart': (node?: unknown) => Promise<void>;
  'trainbench.azure.detach': (node?: unknown) => Promise<void>;
  'trainbench.azure.delete': (node?: unknown) => Promise<void>;
  'trainbench.ssh.add': () => Promise<void>;
  /** A machine of the view Compute; without it one that the user picks. */
  'trainbench.ssh.edit': (node?: unknown) => Promise<void>;
  'trainbench.ssh.remove': (node?: unknown) => Promise<void>;
  'trainbench.ssh.test': (node?: unknown) => Promise<void>;
  /** A machine, or the config to train on one. */
  'trainbench.ssh.train': (target?: unknown) => Promise<void>;
  /** Asks for what: the build for GPUs or for processors, or to take it away. */
  'trainbench.cuda.install': () => Promise<void>;
  /** By name; without it the user picks one. */
  'trainbench.sample.open': (named?: unknown) => Promise<void>;
}

export type CommandId = keyof CommandSignatures;

export interface CommandSpec {
  /** Runs nothing in a workspace that the user does not trust. */
  readonly needsTrust: boolean;
}

export const commandTable: Readonly<Record<CommandId, CommandSpec>> = {
  'trainbench.run.start': { needsTrust: true },
  'trainbench.run.startPaused': { needsTrust: true },
  'trainbench.config.problems': { needsTrust: true },
  'trainbench.run.pause': { needsTrust: false },
  'trainbench.run.continue': { needsTrust: false },
  'trainbench.run.step': { needsTrust: false },
  'trainbench.run.stop': { needsTrust: false },
  'trainbench.run.predict': { needsTrust: true },
  'trainbench.run.useModel': { needsTrust: true },
  'trainbench.data.train': { needsTrust: true },
  'trainbench.data.look': { needsTrust: true },
  'trainbench.plot.show': { needsTrust: false },
  'trainbench.log.show': { needsTrust: false },
  'trainbench.step.explain': { needsTrust: true },
  'trainbench.weights.show': { needsTrust: false },
  'trainbench.profile.show': { needsTrust: true },
  'trainbench.kernels.show': { needsTrust: true },
  'trainbench.run.open': { needsTrust: false },
  'trainbench.run.compare': { needsTrust: false },
  'trainbench.run.resume': { needsTrust: true },
  'trainbench.run.evaluate': { needsTrust: true },
  'trainbench.run.predictCsv': { needsTrust: true },
  'trainbench.run.export': { needsTrust: false },
  'trainbench.run.reveal': { needsTrust: false },
  'trainbench.run.delete': { needsTrust: false },
  'trainbench.runs.refresh': { needsTrust: false },
  'trainbench.compute.refresh': { needsTrust: false },
  'trainbench.azure.signIn': { needsTrust: false },
  'trainbench.azure.demo': { needsTrust: false },
  'trainbench.azure.filter': { needsTrust: false },
  'trainbench.azure.loadMore': { needsTrust: false },
  'trainbench.azure.details': { needsTrust: false },
  'trainbench.azure.createCluster': { needsTrust: false },
  'trainbench.azure.createInstance': { needsTrust: false },
  'trainbench.azure.createOrAttach': { needsTrust: false },
  'trainbench.azure.attachMachine': { needsTrust: false },
  'trainbench.azure.attachKubernetes': { needsTrust: false },
  'trainbench.azure.attachSpark': { needsTrust: false },
  'trainbench.azure.attachDatabricks': { needsTrust: false },
  'trainbench.azure.attachHdInsight': { needsTrust: false },
  'trainbench.azure.attachAks': { needsTrust: false },
  'trainbench.azure.attachBatch': { needsTrust: false },
  'trainbench.azure.reattach': { needsTrust: false },
  'trainbench.azure.createFromYaml': { needsTrust: false },
  'trainbench.azure.showYaml': { needsTrust: false },
  'trainbench.azure.connect': { needsTrust: false },
  'trainbench.azure.scale': { needsTrust: false },
  'trainbench.azure.toZero': { needsTrust: false },
  'trainbench.azure.identity': { needsTrust: false },
  'trainbench.workspace.create': { needsTrust: false },
  'trainbench.workspace.setDefault': { needsTrust: false },
  'trainbench.workspace.openStudio': { needsTrust: false },
  'trainbench.workspace.writeConfig': { needsTrust: false },
  'trainbench.workspace.readConfig': { needsTrust: false },
  'trainbench.workspace.delete': { needsTrust: false },
  'trainbench.group.create': { needsTrust: false },
  'trainbench.group.delete': { needsTrust: false },
  'trainbench.storage.createAccount': { needsTrust: false },
  'trainbench.storage.createContainer': { needsTrust: false },
  'trainbench.storage.createShare': { needsTrust: false },
  'trainbench.storage.createFolder': { needsTrust: false },
  'trainbench.storage.uploadFiles': { needsTrust: false },
  'trainbench.storage.uploadFolder': { needsTrust: false },
  'trainbench.storage.download': { needsTrust: false },
  'trainbench.storage.delete': { needsTrust: false },
  'trainbench.azure.start': { needsTrust: false },
  'trainbench.azure.stop': { needsTrust: false },
  'trainbench.azure.restart': { needsTrust: false },
  'trainbench.azure.detach': { needsTrust: false },
  'trainbench.azure.delete': { needsTrust: false },
  'trainbench.ssh.add': { needsTrust: false },
  'trainbench.ssh.edit': { needsTrust: false },
  'trainbench.ssh.remove': { needsTrust: false },
  'trainbench.ssh.test': { needsTrust: true },
  'trainbench.ssh.train': { needsTrust: true },
  'trainbench.cuda.install': { needsTrust: true },
  'trainbench.sample.open': { needsTrust: false },
};

export const commandIds = Object.keys(commandTable) as readonly CommandId[];
