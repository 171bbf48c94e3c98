/** Entry inside the extension host: VS Code calls `run` and takes a rejection for a failure. */
import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

const timeoutMs = 60_000;

export async function run(): Promise<void> {
  // Runs bundled: the folder of this bundle holds one per test file.
  const folder = process.env['TRAINBENCH_HOST_TESTS'] ?? '';
  const reporter = process.env['TRAINBENCH_HOST_REPORTER'] ?? 'dot';
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: timeoutMs, reporter });
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.test.cjs'));
  for (const file of files.sort()) mocha.addFile(path.join(folder, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
