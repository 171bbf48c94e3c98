/**
 * The first gradients of the labs' convolutional nets at full size on wasm, parameter by parameter: no farther from
 * PyTorch's in float64 than three times what PyTorch's own float32 is.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { elementCount } from '../../src/shared/tensor/tensorType.ts';
import {
  imageData,
  imageNetGradients,
  type ImageNetName,
  writeImageData,
} from '../bench/imageNets.ts';
import { pythonHas, runPython } from '../kit/python.ts';

const script = 'test/fixtures/pytorch/image_net_gradients.py';
const timesPyTorch = 3;
/** Of a norm: what both owe to rounding alone. */
const rounding = 3e-7;

/** Of loss and parameters in turn, in our layout. */
async function ownResults(name: ImageNetName): Promise<Float32Array[]> {
  const net = imageNetGradients(name);
  const data = imageData(net);
  const executable = await createWasmBackend().compile(net.program);
  net.parameters.forEach((buffer, i) => executable.write(buffer.name, data.parameters[i]!));
  executable.write('data/x', data.x);
  executable.write('data/y', data.y);
  await executable.run('gradients', 0, 1);
  const names = ['loss', ...net.parameters.map((_, i) => `gradient/${i}`)];
  const results = await Promise.all(names.map((buffer) => executable.read(buffer)));
  executable.destroy();
  return results as Float32Array[];
}

/** Distance of `values` from `exact`, relative to the norm of `exact`. */
function distance(values: ArrayLike<number>, exact: Float64Array): number {
  const square = exact.reduce((sum, value, i) => sum + (value - values[i]!) ** 2, 0);
  return Math.sqrt(square / exact.reduce((sum, value) => sum + value ** 2, 0));
}

async function check(name: ImageNetName, folder: string): Promise<void> {
  const net = imageNetGradients(name);
  const [data, out] = [path.join(folder, `${name}.bin`), path.join(folder, `${name}.out`)];
  await writeImageData(data, imageData(net));
  runPython(script, [name, data, out]);
  const bytes = readFileSync(out);
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const [exact, single] = [all.subarray(0, all.length / 2), all.subarray(all.length / 2)];
  let at = 0;
  for (const [i, values] of (await ownResults(name)).entries()) {
    const shape = i === 0 ? [] : net.parameters[i - 1]!.type.shape;
    const end = at + elementCount(shape);
    const own = distance(values, exact.slice(at, end));
    const theirs = distance(single.subarray(at, end), exact.slice(at, end));
    assert.ok(
      own <= timesPyTorch * theirs + rounding,
      `${i === 0 ? 'loss' : `gradient ${i - 1} of [${shape.join()}]`}: ${own} from float64, PyTorch ${theirs}`,
    );
    at = end;
  }
}

describe('gradients of the convolutional nets of the labs', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-gradients-'))));
  after(() => rmSync(folder, { recursive: true }));

  for (const name of ['w2', 'w3'] as const) {
    it(`of ${name} are as exact as PyTorch's`, async function () {
      if (!pythonHas('torch')) this.skip();
      this.timeout(60_000);
      await check(name, folder);
    });
  }
});
