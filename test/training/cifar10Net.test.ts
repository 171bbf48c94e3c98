/** samples/cifar10-net on a few images in the true format: what the first lesson does, from files to its log. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startRun } from '../../src/core/train/run.ts';
import { cifar10Files, cifarSample, writeFiles } from '../kit/imageFiles.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { trainingBackends } from '../kit/trainRun.ts';

describe('samples/cifar10-net', () => {
  const folder = temporaryFolder();

  it('trains on files of the data set, and tells the loss as it goes', async function () {
    this.timeout(60_000);
    const bin = writeFiles(path.join(folder(), 'cifar-10-batches-bin'), cifar10Files());
    const names = Array.from({ length: 10 }, (_, i) => `thing ${i}`).join('\n');
    writeFileSync(path.join(bin, 'batches.meta.txt'), names);
    const text = cifarSample('cifar10-net').replace('log_every: 2000', 'log_every: 2');
    const file = path.join(folder(), 'net.train.yaml');
    writeFileSync(file, text);
    const run = await startRun({ file, overrides: {}, createBackend: trainingBackends.wasm });
    const { info } = run;
    assert.deepEqual([info.trainingRows, info.validationRows, info.stepsPerEpoch], [10, 2, 3]);
    const told: string[] = [];
    run.onEvent((event) => {
      if (event.kind !== 'steps') return;
      for (const { epoch, step, loss } of event.means ?? []) {
        // Of ten classes, knowing nothing: ln 10 = 2.303.
        assert.ok(Math.abs(loss - 2.303) < 0.1, String(loss));
        told.push(`${epoch} ${step}`);
      }
    });
    const end = await run.done;
    assert.equal(end.status, 'completed');
    assert.deepEqual(told, ['1 2', '2 2']);
  });
});
