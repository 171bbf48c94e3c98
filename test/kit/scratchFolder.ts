import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folders: string[] = [];

process.once('exit', () => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});

/** A new folder; gone when the process of the tests ends, however they end. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-test-'));
  folders.push(folder);
  return folder;
}
