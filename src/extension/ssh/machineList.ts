/** The machines of `trainbench.ssh.machines`: read, checked and changed. */
import { ConfigurationTarget, EventEmitter, l10n, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import type { DeviceInfo } from '../../shared/protocol/core.ts';
import { machineAddress } from '../../shared/protocol/machine.ts';
import type { MachineAbout, SshMachine } from '../../shared/protocol/machine.ts';
import { settingTable } from '../config/settings.ts';
import type { Disposes } from '../lifetime.ts';
import { readMachine, type MachineEntry } from './machineEntry.ts';

export interface KnownMachine extends MachineAbout {
  /** Once somebody has asked. */
  readonly devices?: readonly DeviceInfo[];
}

export class MachineList implements Disposes {
  readonly #changed = new EventEmitter<void>();
  readonly #subscription: Disposable;
  /** What a machine said of itself, by its name, since this window was opened. */
  readonly #about = new Map<string, KnownMachine>();
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscription = workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('trainbench.ssh')) this.#changed.fire();
    });
  }

  /** In the user's order; entries that name no host are left out. */
  get machines(): readonly SshMachine[] {
    const { key, fallback } = settingTable.sshKnownHosts;
    const knownHosts = workspace.getConfiguration().get<string>(key, fallback).trim();
    return this.#entries
      .map((entry) => readMachine(entry))
      .filter((machine) => machine !== null)
      .map((machine) => (knownHosts === '' ? machine : { ...machine, knownHosts }));
  }

  find(name: string): SshMachine | undefined {
    return this.machines.find((machine) => machine.name === name);
  }

  about({ name }: SshMachine): KnownMachine | undefined {
    return this.#about.get(name);
  }

  learn({ name }: SshMachine, about: KnownMachine): void {
    this.#about.set(name, { ...this.#about.get(name), ...about });
    this.#changed.fire();
  }

  /** @param before the one that it takes the place of */
  async save(entry: MachineEntry, before?: SshMachine): Promise<void> {
    const machines = this.#entries;
    const at = machines.findIndex((other) => readMachine(other)?.name === before?.name);
    const changed =
      before === undefined || at < 0 ? [...machines, entry] : machines.toSpliced(at, 1, entry);
    if (before !== undefined) this.#about.delete(before.name);
    await this.#write(changed);
  }

  async remove({ name }: SshMachine): Promise<void> {
    this.#about.delete(name);
    await this.#write(this.#entries.filter((entry) => readMachine(entry)?.name !== name));
  }

  /** Why a name cannot be given; undefined where it can. */
  problemWithName(name: string, before?: SshMachine): string | undefined {
    if (name.trim() === '') return l10n.t('A name is needed.');
    if (name === before?.name || this.find(name) === undefined) return undefined;
    return l10n.t('There is another machine of this name.');
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  get #entries(): readonly MachineEntry[] {
    const { key } = settingTable.sshMachines;
    const value = workspace.getConfiguration().get<unknown>(key);
    return Array.isArray(value) ? (value as readonly MachineEntry[]) : [];
  }

  async #write(entries: readonly MachineEntry[]): Promise<void> {
    const { key } = settingTable.sshMachines;
    await workspace.getConfiguration().update(key, entries, ConfigurationTarget.Global);
  }
}

/** `user@host`, where that is not its name already. */
export function addressBeside(machine: SshMachine): string {
  const address = machineAddress(machine);
  return address === machine.name ? '' : address;
}
