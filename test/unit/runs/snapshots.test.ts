import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  listSnapshots,
  snapshotLimit,
  strideFor,
  writeSnapshots,
  filterSnapshots,
} from '../../../src/core/runs/snapshots.ts';
import { readSnapshotTensors, readStoredTensor } from '../../../src/core/runs/storedTensor.ts';
import { beginRun, tensor } from '../../kit/runFixture.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const weightsAt = (epoch: number) => [
  tensor('kernel', [epoch, -epoch, 0.5, epoch], [2, 2]),
  tensor('bias', [epoch + 0.25]),
];
const snapshotAt = (epoch: number) => ({ epoch, step: 52 * epoch, tensors: weightsAt(epoch) });
const upTo = (last: number, stride = 1) =>
  Array.from({ length: Math.floor(last / stride) + 1 }, (_, i) => i * stride);

describe('weight snapshots', () => {
  const folder = temporaryFolder();
  const epochsIn = async (directory: string) =>
    (await listSnapshots(directory)).map(({ epoch }) => epoch);

  it('are as many as fit into 64 MB, at most 200, at least two', () => {
    const cases = [
      [772, 200],
      [320_000, 200],
      [4_800_000, 13],
      [30_000_000, 2],
      [1e9, 2],
    ] as const;
    for (const [bytes, limit] of cases) assert.equal(snapshotLimit(bytes), limit);
  });

  it('are thinned by doubling the stride', () => {
    const cases = [
      [199, 200, 1],
      [200, 200, 2],
      [399, 200, 2],
      [400, 200, 4],
      [1, 2, 1],
      [2, 2, 2],
      [1000, 2, 512],
    ] as const;
    for (const [epoch, limit, stride] of cases) assert.equal(strideFor(epoch, limit), stride);
  });

  it('of one file are read one by one', async () => {
    await writeSnapshots(folder(), [0, 1, 2].map(snapshotAt));
    await writeSnapshots(folder(), [snapshotAt(4)]);
    assert.deepEqual(readdirSync(folder()).sort(), [
      '000000000-000000002.safetensors',
      '000000004-000000004.safetensors',
    ]);
    const found = await listSnapshots(folder());
    assert.deepEqual(
      found.map(({ epoch, step, index }) => [epoch, step, index]),
      [
        [0, 0, 0],
        [1, 52, 1],
        [2, 104, 2],
        [4, 208, 0],
      ],
    );
  });

  it('go one by one from the files that have them', async () => {
    await writeSnapshots(folder(), upTo(6).map(snapshotAt));
    await writeSnapshots(folder(), [snapshotAt(7)]);
    await writeSnapshots(folder(), [snapshotAt(8)]);
    const gone: number[] = [];
    const isEven = ({ epoch }: { readonly epoch: number }) => epoch % 2 === 0;
    const collect = (snapshots: readonly { readonly epoch: number }[]) => {
      gone.push(...snapshots.map(({ epoch }) => epoch));
      return Promise.resolve();
    };
    assert.equal(await filterSnapshots(folder(), isEven, collect), true);
    assert.deepEqual(gone, [1, 3, 5, 7]);
    assert.deepEqual(await epochsIn(folder()), [0, 2, 4, 6, 8]);
    assert.equal(readdirSync(folder()).length, 2);
    assert.equal(await filterSnapshots(folder(), isEven, collect), false);
  });

  it('that a crash left in two files count once', async () => {
    await writeSnapshots(folder(), [0, 1, 2].map(snapshotAt));
    await writeSnapshots(folder(), [0, 2, 4].map(snapshotAt));
    assert.deepEqual(await epochsIn(folder()), [0, 1, 2, 4]);
  });

  it('are those of the files that are still there', async () => {
    await writeSnapshots(folder(), upTo(20).map(snapshotAt));
    const thinned = filterSnapshots(folder(), ({ epoch }) => epoch % 4 === 0);
    // The list may miss what is being rewritten; it never fails, and the next one has it.
    for (let look = 0; look < 5; look++) {
      for (const { epoch } of await listSnapshots(folder())) assert.ok(epoch <= 20);
    }
    await thinned;
    assert.deepEqual(await epochsIn(folder()), upTo(20, 4));
  });

  it('of a damaged file are refused with its name', async () => {
    writeFileSync(path.join(folder(), '000000000-000000002.safetensors'), 'x'.repeat(40));
    await assert.rejects(listSnapshots(folder()), {
      code: 'run.corrupt',
      message: /000000000-000000002\.safetensors/,
    });
  });

  it('of a run stay evenly spread, whenever they are written, and give back their values', async () => {
    const limit = 20;
    for (const commitEvery of [1, 7, 1000]) {
      const { directory, writer } = await beginRun(folder());
      for (let epoch = 0; epoch <= 100; epoch++) {
        const stride = strideFor(epoch, limit);
        if (epoch % stride === 0) writer.snapshot(snapshotAt(epoch), stride);
        if (epoch % commitEvery === 0) writer.writeSnapshots();
      }
      await writer.close();
      assert.deepEqual(await epochsIn(path.join(directory, 'weights')), upTo(100, 8));
      for (const epoch of [0, 56, 96]) {
        const step = 52 * epoch;
        const [kernel, bias] = weightsAt(epoch);
        assert.deepEqual(await readStoredTensor(directory, step, 'kernel'), { ...kernel, step });
        assert.deepEqual(await readSnapshotTensors(directory, step, ['bias', 'kernel']), [
          bias,
          kernel,
        ]);
      }
      await assert.rejects(readStoredTensor(directory, 52, 'kernel'), { code: 'run.notFound' });
      await assert.rejects(readStoredTensor(directory, 0, 'no'), {
        code: 'input.invalid',
        message: /it has kernel, bias/,
      });
    }
  });

  it('have the values of their moment, however many gather in memory that changes', async () => {
    const { directory, writer } = await beginRun(folder());
    const values = new Float32Array(1000);
    const tensors = [{ name: 'w', dtype: 'f32', shape: [10, 100], values }] as const;
    for (let epoch = 0; epoch <= 100; epoch++) {
      writer.snapshot({ epoch, step: epoch, tensors }, 1);
      values.fill(epoch + 1);
    }
    await writer.close();
    assert.deepEqual(await epochsIn(path.join(directory, 'weights')), upTo(100, 1));
    for (const step of [0, 31, 32, 33, 100]) {
      const stored = await readStoredTensor(directory, step, 'w');
      assert.deepEqual(stored.shape, [10, 100]);
      assert.ok(
        stored.values.every((value) => value === step),
        `step ${step}`,
      );
    }
  });

  it('do not wait for a commit when they are large', async () => {
    const { directory, writer } = await beginRun(folder());
    const large = { name: 'w', dtype: 'f32', shape: [600_000], values: new Float32Array(600_000) };
    for (const epoch of [0, 1]) {
      writer.snapshot({ epoch, step: epoch, tensors: [{ ...large, dtype: 'f32' }] }, 1);
    }
    await writer.settled();
    assert.deepEqual(await epochsIn(path.join(directory, 'weights')), [0, 1]);
    await writer.close();
  });
});
