/** Proposes a config for a table written down in a test, and puts both into a folder of their own. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspectDataFile } from '../../../src/core/inspect/inspectFile.ts';
import { proposeConfig, type ProposedConfig } from '../../../src/core/propose/proposeConfig.ts';
import {
  prepareTraining,
  type PreparationResult,
} from '../../../src/core/train/prepareTraining.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { isTableConfig, type TableConfig } from '../../../src/shared/model/trainConfig.ts';
import { brief, writeTemporary } from '../data/dataKit.ts';

export interface Proposed extends ProposedConfig {
  readonly dataFile: string;
}

export async function propose(
  content: string | Buffer,
  { name = 'data.csv', target }: { readonly name?: string; readonly target?: string } = {},
): Promise<Proposed> {
  const dataFile = writeTemporary(name, content);
  const table = await inspectDataFile(dataFile, {});
  return { dataFile, ...proposeConfig({ table, target, dataPath: name }) };
}

/** The config of a proposal, which must be without any fault of its own. */
export function configOf({ text, diagnostics }: ProposedConfig): TableConfig {
  assert.ok(text !== null, diagnostics.map(brief).join('\n'));
  const parsed = parseConfig(text, 'proposed.train.yaml');
  assert.deepEqual(parsed.diagnostics.map(brief), [], text);
  assert.ok(parsed.config !== null && isTableConfig(parsed.config));
  return parsed.config;
}

/** Writes the proposal beside its data, and prepares it as training does. */
export async function prepareProposal({ text, dataFile }: Proposed): Promise<PreparationResult> {
  assert.ok(text !== null);
  const configFile = path.join(path.dirname(dataFile), 'proposed.train.yaml');
  writeFileSync(configFile, text);
  return prepareTraining({ text, file: configFile, configFile });
}

/** The config of a proposal that has nothing worse to say of itself than what is left out or filled in. */
export async function workingConfig(proposed: Proposed): Promise<TableConfig> {
  const config = configOf(proposed);
  const { diagnostics } = await prepareProposal(proposed);
  const faults = diagnostics.filter(({ severity }) => severity !== 'info');
  assert.deepEqual(faults.map(brief), [], proposed.text!);
  return config;
}

/** Lines of a CSV of `rows` rows. */
export function csvOf(header: string, rows: number, row: (i: number) => string): string {
  return [header, ...Array.from({ length: rows }, (_, i) => row(i)), ''].join('\n');
}

/** Numbers in 0 .. 1 without a pattern that a column type could be taken from. */
export function noise(i: number, step = 0.618033): number {
  return Number(((i * step) % 1).toFixed(4));
}
