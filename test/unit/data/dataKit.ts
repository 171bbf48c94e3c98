/** Configs and files for the tests of the data part. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareData } from '../../../src/core/data/prepareData.ts';
import type { PrepareOptions, PrepareResult } from '../../../src/core/data/preparation.ts';
import type { SplitData } from '../../../src/core/data/preparedData.ts';
import type { Diagnostic } from '../../../src/shared/diagnostics.ts';
import { isTableConfig } from '../../../src/shared/model/trainConfig.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { scratchFolder } from '../../kit/scratchFolder.ts';

export function writeTemporary(name: string, content: string | Buffer): string {
  const file = path.join(scratchFolder(), name);
  writeFileSync(file, content);
  return file;
}

/** A whole config around the lines of its data section; the rest does not matter here. */
export function configText(data: string, rest = ''): string {
  const task = rest.includes('task:') ? '' : 'task: classification\n';
  const lines = data.split('\n').map((line) => `  ${line}`);
  return `data:\n${lines.join('\n')}\n${task}model: [{type: Dense, units: 3}]
training: {epochs: 1, optimizer: Adam, loss: mse}\n${rest}`;
}

/**
 * Runs `prepareData` on a config beside `data.csv` (or another name) with this content. `address` stands in for
 * the path, because the config language knows no loopback.
 */
export async function prepare(
  config: string,
  content: string | null,
  options: Partial<PrepareOptions> & { readonly name?: string; readonly address?: string } = {},
): Promise<PrepareResult & { readonly configFile: string }> {
  const folder = scratchFolder();
  const configFile = path.join(folder, 'a.train.yaml');
  writeFileSync(configFile, config);
  if (content !== null) writeFileSync(path.join(folder, options.name ?? 'data.csv'), content);
  const parsed = parseConfig(config, configFile);
  if (parsed.config === null) {
    throw new Error(`the test's config is wrong: ${parsed.diagnostics.map(brief).join('; ')}`);
  }
  const { document } = parsed;
  assert.ok(isTableConfig(parsed.config));
  const { data } = parsed.config;
  const resolved = { ...parsed.config, data: { ...data, path: options.address ?? data.path } };
  const result = await prepareData({ config: resolved, document, configFile, ...options });
  return { ...result, configFile };
}

/** `name:line:column severity code message (hint)`, the file without its folder. */
export function brief({ file, start, severity, code, message, hint }: Diagnostic): string {
  const place = `${path.basename(file)}:${start.line}:${start.column}`;
  return `${place} ${severity} ${code} ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** A matrix as rows, for comparing. */
export function rowsOf(x: SplitData['x'], width: number): number[][] {
  return Array.from({ length: x.length / width }, (_, i) => [
    ...x.subarray(i * width, (i + 1) * width),
  ]);
}
