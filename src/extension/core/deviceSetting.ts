/** The setting that says where trainings compute. */
import { Uri, workspace } from 'vscode';
import type { DeviceName } from '../../shared/protocol/core.ts';
import { settingTable } from '../config/settings.ts';

/** For the config of that path; null as the config says. */
export function chosenDevice(file: string): DeviceName | null {
  const { key, fallback } = settingTable.device;
  const folder = workspace.getConfiguration(undefined, Uri.file(file));
  const chosen = folder.get<DeviceName | 'config'>(key, fallback);
  return chosen === 'config' ? null : chosen;
}
