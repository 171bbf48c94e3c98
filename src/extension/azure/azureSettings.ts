/** Settings of the Azure part, as they are now. */
import { workspace } from 'vscode';
import { identitySources } from '../../azure/credentials.ts';
import type { IdentitySource } from '../../azure/credentials.ts';
import { settingTable } from '../config/settings.ts';

export interface AzureSettings {
  readonly credential: 'vscode' | IdentitySource;
  /** Empty for Azure itself. */
  readonly endpoint: string;
  /** VS Code's own setting for the clouds of some countries. */
  readonly sovereign: 'none' | 'ChinaCloud' | 'USGovernment';
}

export function azureSettings(): AzureSettings {
  const { azureCredential, azureEndpoint } = settingTable;
  const all = workspace.getConfiguration();
  const credential = all.get<string>(azureCredential.key, azureCredential.fallback);
  const sovereign = all.get<string>('microsoft-sovereign-cloud.environment', '');
  return {
    credential: identitySources.find((source) => source === credential) ?? 'vscode',
    endpoint: all.get<string>(azureEndpoint.key, azureEndpoint.fallback).trim(),
    sovereign: sovereign === 'ChinaCloud' || sovereign === 'USGovernment' ? sovereign : 'none',
  };
}
