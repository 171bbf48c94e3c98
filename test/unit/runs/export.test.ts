import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportRun } from '../../../src/core/runs/export/exportRun.ts';
import { permuteAxes } from '../../../src/core/runs/export/layouts.ts';
import { encodeStateDict } from '../../../src/core/runs/export/pytorch.ts';
import { decodeSafetensors } from '../../../src/core/runs/safetensors.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { beginRun, checkpointAt, recordAt, tensor } from '../../kit/runFixture.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const loadScript = path.join(path.dirname(fileURLToPath(import.meta.url)), 'loadStateDict.py');

/** The lab's net, 5-10-10-3, with kernels that say where each value comes from. */
function labTensors() {
  const sizes = [5, 10, 10, 3];
  return [1, 2, 3].flatMap((layer) => {
    const [input, output] = [sizes[layer - 1]!, sizes[layer]!];
    const kernel = Array.from({ length: input * output }, (_, i) => layer + i / 1000);
    const bias = Array.from({ length: output }, (_, i) => -layer - i / 1000);
    return [tensor(`fc${layer}/kernel`, kernel, [input, output]), tensor(`fc${layer}/bias`, bias)];
  });
}

interface LoadedTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly number[];
}

describe('export', () => {
  const folder = temporaryFolder();

  it('permutes axes as the layout table says', () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i);
    const turned = permuteAxes(values, [2, 3, 4], [2, 0, 1]);
    assert.deepEqual(turned.shape, [4, 2, 3]);
    assert.equal(turned.values[1 * 6 + 1 * 3 + 2], 1 * 12 + 2 * 4 + 1);
    const back = permuteAxes(turned.values, turned.shape, [1, 2, 0]);
    assert.deepEqual(back, { shape: [2, 3, 4], values });
  });

  it('writes a state_dict that torch.load(weights_only=True) gives to the module of the lab', function () {
    this.timeout(60_000);
    if (!pythonHas('torch')) this.skip();
    const file = path.join(folder(), 'lab.pt');
    writeFileSync(file, encodeStateDict(labTensors(), { steps: 7 }));
    const loaded = JSON.parse(runPython(loadScript, [file, 'lab'])) as Record<string, LoadedTensor>;
    for (const { name, shape, values } of labTensors()) {
      const key = name.replace('/kernel', '.weight').replace('/bias', '.bias');
      const expected =
        shape.length === 2 ? permuteAxes(values as Float32Array, shape, [1, 0]) : { shape, values };
      assert.deepEqual(loaded[key]?.shape, [...expected.shape]);
      assert.deepEqual(Float32Array.from(loaded[key].values), expected.values);
    }
    assert.equal(Object.keys(loaded).length, 6);
  });

  it('writes batch normalisation with its averages and count', function () {
    this.timeout(60_000);
    if (!pythonHas('torch')) this.skip();
    const tensors = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role, i) =>
      tensor(`bn/${role}`, [i + 1, i + 2]),
    );
    const file = path.join(folder(), 'bn.pt');
    writeFileSync(file, encodeStateDict(tensors, { steps: 7 }));
    const loaded = JSON.parse(runPython(loadScript, [file, 'bn'])) as Record<string, LoadedTensor>;
    assert.deepEqual(loaded, {
      'bn.weight': { shape: [2], dtype: 'torch.float32', values: [1, 2] },
      'bn.bias': { shape: [2], dtype: 'torch.float32', values: [2, 3] },
      'bn.running_mean': { shape: [2], dtype: 'torch.float32', values: [3, 4] },
      'bn.running_var': { shape: [2], dtype: 'torch.float32', values: [4, 5] },
      'bn.num_batches_tracked': { shape: [], dtype: 'torch.int64', values: [7] },
    });
  });

  it('stores its zip entries, and the same weights give the same bytes', () => {
    const bytes = encodeStateDict(labTensors(), { steps: 1 });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    assert.equal(view.getUint32(0, true), 0x04034b50);
    assert.equal(view.getUint16(8, true), 0, 'compression method of the first entry');
    assert.deepEqual(encodeStateDict(labTensors(), { steps: 1 }), bytes);
  });

  it('names the tensor that PyTorch has no place for', () => {
    const strange = [tensor('lstm/recurrent', [1])];
    assert.throws(() => encodeStateDict(strange, { steps: 0 }), {
      code: 'export.unsupported',
      message: /lstm\/recurrent/,
    });
  });

  it('takes the best weights of a run, and the last ones where none are best', async () => {
    const { directory, writer } = await beginRun(folder());
    await assert.rejects(exportRun(directory, 'safetensors'), { code: 'run.notFound' });
    await writer.commit([checkpointAt(20)], recordAt(20));
    const exportedStep = async () => {
      const file = await exportRun(directory, 'safetensors');
      assert.equal(file, path.join(directory, 'export', 'test.safetensors'));
      const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
      assert.deepEqual(
        tensors.map(({ name }) => name),
        ['fc1/kernel'],
      );
      return Number(metadata['step']);
    };
    assert.equal(await exportedStep(), 20);
    await writer.commit([checkpointAt(10, 'best'), checkpointAt(30)], recordAt(30));
    await writer.close();
    assert.equal(await exportedStep(), 10);
  });
});
