/** Settings and context keys of the extension, once. A test compares the settings with package.json. */
import type { RunState } from '../../shared/protocol/core.ts';

export interface SettingSpec<T> {
  readonly key: string;
  readonly fallback: T;
  /** Names a program or an address: `machine` scope, so that no repository can set it. */
  readonly restricted: boolean;
}

export const settingTable = {
  nodePath: { key: 'trainbench.core.nodePath', fallback: '', restricted: true },
  device: { key: 'trainbench.device', fallback: 'config', restricted: false },
  adapter: { key: 'trainbench.webgpu.adapter', fallback: '', restricted: true },
  azureCredential: { key: 'trainbench.azure.credential', fallback: 'vscode', restricted: true },
  azureEndpoint: { key: 'trainbench.azure.endpoint', fallback: '', restricted: true },
  sshMachines: { key: 'trainbench.ssh.machines', fallback: [], restricted: true },
  sshKnownHosts: { key: 'trainbench.ssh.knownHosts', fallback: '', restricted: true },
  codeLens: { key: 'trainbench.codeLens.enabled', fallback: true, restricted: false },
} as const satisfies Readonly<Record<string, SettingSpec<string | boolean | readonly never[]>>>;

/** Context keys for `when` clauses, with their types. */
export interface ContextKeys {
  /** State of the run on show; absent before the first. */
  'trainbench.runState': RunState;
  /** Paths of the configs with errors, whose menus do not offer to train them. */
  'trainbench.unreadableConfigs': readonly string[];
}
