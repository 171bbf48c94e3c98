import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { discardAfter } from '../../../src/core/runs/discard.ts';
import {
  loadCheckpoint,
  openRun,
  readColumns,
  readEpochs,
} from '../../../src/core/runs/openRun.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const writer = path.join(path.dirname(fileURLToPath(import.meta.url)), 'killedWriter.ts');

/** Kills the writer a moment after it has reported `lines` checkpoints. */
async function killedRun(
  folder: string,
  lines: number,
  turns: number,
): Promise<{ readonly directory: string; readonly reported: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const seen: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    seen.push(line);
    if (seen.length <= lines) continue;
    // A different moment of the next write each time.
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    break;
  }
  await exited;
  return { directory: seen[0]!, reported: Number(seen.at(-1)) };
}

describe('a run whose process is killed', () => {
  const folder = temporaryFolder();
  const moments = [
    [1, 0],
    [2, 7],
    [3, 25],
    [4, 60],
    [5, 140],
  ] as const;

  for (const [lines, turns] of moments) {
    it(`opens and resumes when killed ${turns} turns after checkpoint ${lines}`, async function () {
      this.timeout(30_000);
      const { directory, reported } = await killedRun(folder(), lines, turns);
      const run = await openRun(directory);
      assert.equal(run.state, 'interrupted');
      const last = await loadCheckpoint(directory, 'last');
      assert.ok(last !== null);
      const { step } = last.state;
      assert.ok(step >= reported, `checkpoint ${reported} was reported, ${step} found`);
      assert.ok((await loadCheckpoint(directory, 'best'))!.state.step >= step);

      await discardAfter(directory, { step, epoch: step / 10 });
      const { loss } = await readColumns(directory);
      assert.deepEqual(
        loss,
        Float32Array.from({ length: step }, (_, i) => i),
      );
      const epochs = await readEpochs(directory);
      assert.deepEqual(
        epochs.map(({ epoch }) => epoch),
        Array.from({ length: step / 10 }, (_, i) => i + 1),
      );
      assert.equal((await loadCheckpoint(directory, 'best'))!.state.step, step);
    });
  }
});
