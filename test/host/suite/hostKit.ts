/** What the tests in the extension host share: the extension, its configs, and waiting for what VS Code does later. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { extensions, Uri, workspace } from 'vscode';
import type { TrainbenchApi } from '../../../src/extension/main.ts';
import type { RunRecord } from '../../../src/extension/runs/runStore.ts';
import type { RunState } from '../../../src/shared/protocol/core.ts';

export const extensionId = 'trainbench.trainbench';

export async function trainbench(): Promise<TrainbenchApi> {
  const extension = extensions.getExtension<TrainbenchApi>(extensionId);
  assert.ok(extension, `${extensionId} is not installed`);
  return extension.activate();
}

export function workspaceFile(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return Uri.joinPath(folder.uri, name);
}

/** A config of its own, made from the sample by replacing text that it must contain. */
export function configFromSample(
  name: string,
  ...replacements: readonly (readonly [string | RegExp, string])[]
): Uri {
  let text = fs.readFileSync(workspaceFile('penguins.train.yaml').fsPath, 'utf8');
  for (const [from, to] of replacements) {
    const replaced = text.replace(from, to);
    assert.notEqual(replaced, text, `the sample does not contain ${String(from)}`);
    text = replaced;
  }
  const uri = workspaceFile(name);
  fs.writeFileSync(uri.fsPath, text);
  return uri;
}

/** The sample with so many epochs that a test can act before it is over. */
export function longConfig(name: string): Uri {
  return configFromSample(name, [/epochs: \d+/, 'epochs: 2000000']);
}

/** Polls until `read` gives a value; a wait without events is bounded by Mocha's own timeout. */
export async function until<T>(what: string, read: () => T | null | undefined | false): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = read();
    if (value !== null && value !== undefined && value !== false) return value;
    assert.ok(Date.now() < deadline, `timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The same for what has to be asked. */
export async function untilAsync(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) assert.ok(Date.now() < deadline, `timed out: ${what}`);
}

export function untilState(api: TrainbenchApi, ...states: readonly RunState[]): Promise<RunRecord> {
  return until(`run is ${states.join(' or ')}`, () => {
    const { run } = api.store;
    // A run is completed a moment before its verdict comes.
    if (run === null || (run.state === 'completed' && run.end === null)) return null;
    return states.includes(run.state) ? run : null;
  });
}

/** Core processes that this extension host has forked. */
export function corePids(): readonly number[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = fs.readFileSync(path.join('/proc', name, 'cmdline'), 'utf8');
      const parent = /^PPid:\s+(\d+)$/m.exec(
        fs.readFileSync(path.join('/proc', name, 'status'), 'utf8'),
      )?.[1];
      return Number(parent) === process.pid && command.includes('core.cjs') ? [Number(name)] : [];
    } catch {
      return []; // ended while we looked
    }
  });
}
