import assert from 'node:assert/strict';
import { predictRun } from '../../src/core/train/predictRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { trainingBackends } from '../kit/trainRun.ts';

const createBackend = trainingBackends.wasm;

describe('the penguins sample, without leakage', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  for (const seed of [0, 1, 2]) {
    it(`reaches an accuracy of 0.97 with seed ${seed}, both losses falling together`, async () => {
      const overrides = { seed, outputDirectory: folder() };
      const file = 'samples/penguins/penguins.train.yaml';
      const run = await startRun({ file, overrides, createBackend });
      const epochs: EpochRecord[] = [];
      run.onEvent((event) => event.kind === 'epochs' && epochs.push(...event.records));
      const end = await run.done;
      assert.equal(end.status, 'completed');
      assert.ok(epochs.at(-1)!.metrics['val_accuracy']! >= 0.97);
      const tenths = [0, 10, 20, 40, 99].map((epoch) => epochs[epoch]!);
      for (const [i, later] of tenths.slice(1).entries()) {
        assert.ok(later.loss < tenths[i]!.loss, `loss at epoch ${later.epoch}`);
        assert.ok(later.val_loss! < tenths[i]!.val_loss!, `val_loss at epoch ${later.epoch}`);
      }
      const { directory } = run.info;
      const penguin = { CulmenLength: 50.4, CulmenDepth: 15.3, FlipperLength: 200, BodyMass: 5000 };
      const rows = [
        { Island: 1, ...penguin },
        { Island: 'Dream', ...penguin },
      ];
      const [byIndex, byName] = await predictRun({ directory, createBackend, rows });
      assert.equal(byIndex!.class, 'Gentoo');
      assert.deepEqual(byName!.probabilities, byIndex!.probabilities);
    });
  }
});
