/** An entry of the setting `trainbench.ssh.machines`. Knows no VS Code. */
import os from 'node:os';
import { machineAddress, parseMachineAddress } from '../../shared/protocol/machine.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';

export interface MachineEntry {
  readonly name?: string;
  /** `user@host`, `user@host:port` */
  readonly address: string;
  readonly identityFile?: string;
  readonly jump?: string;
}

/** Null for an entry that names no machine: people edit settings by hand. */
export function readMachine(entry: unknown): SshMachine | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { name, address, identityFile, jump } = entry as Readonly<Record<string, unknown>>;
  if (typeof address !== 'string') return null;
  const place = parseMachineAddress(address, os.userInfo().username);
  if (place === null) return null;
  return {
    ...place,
    name: textOf(name) ?? machineAddress(place),
    ...optional('identityFile', textOf(identityFile)),
    ...optional('jump', textOf(jump)),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}
