/** Large products over padded images, most of which leave rows of zeros out (zeroRows.ts), against the reference. */
import assert from 'node:assert/strict';
import type { Backend } from '../../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { ConvGeometry, Node, Program } from '../../../src/core/ir/program.ts';
import { randomSource } from '../../../src/core/random/threefry.ts';
import { elementCount, type Shape } from '../../../src/shared/tensor/tensorType.ts';
import { assertClose } from '../../kit/close.ts';

interface Case extends Partial<ConvGeometry> {
  /** NHWC of the convolution's input, HWIO. */
  readonly image: Shape;
  readonly filter: Shape;
  /** Of the input's gradient instead of the output. */
  readonly backward?: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  'a gradient of 12 channels': { image: [4, 14, 14, 12], filter: [5, 5, 12, 16], backward: true },
  'a gradient of one image': { image: [1, 13, 17, 24], filter: [5, 5, 24, 10], backward: true },
  'a gradient of a tall filter': { image: [2, 11, 9, 20], filter: [7, 2, 20, 9], backward: true },
  'a gradient with strides': {
    ...{ image: [3, 15, 13, 17], filter: [5, 3, 17, 16], backward: true },
    strides: [2, 2],
  },
  'a gradient with dilation': {
    ...{ image: [2, 16, 15, 13], filter: [3, 3, 13, 40], backward: true },
    dilation: [2, 3],
  },
  'an output of small images': {
    ...{ image: [8, 5, 6, 32], filter: [5, 5, 32, 9] },
    padding: [2, 2, 2, 2],
  },
  'an output with strides and uneven padding': {
    ...{ image: [5, 9, 8, 21], filter: [4, 3, 21, 33] },
    ...{ padding: [3, 0, 1, 2], strides: [2, 1] },
  },
  'windows within the padding alone': {
    ...{ image: [4, 6, 9, 30], filter: [2, 3, 30, 31] },
    padding: [4, 5, 1, 1],
  },
};

/** Each case with its bias and a relu in the buffer of its name. */
function program(): Program {
  const b = new Builder();
  const stores = Object.entries(cases).map(([name, { image, filter, backward, ...given }]) => {
    const geometry: ConvGeometry = {
      ...{ strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 },
      ...given,
    };
    const input = (role: string, shape: Shape): Node =>
      b.load(b.buffer(`${name}: ${role}`, 'state', 'f32', shape));
    const weights = input('filter', filter);
    const output = b.conv2d(input('image', image), weights, geometry);
    const gradient = backward && input('gradient', output.type.shape);
    const made = gradient ? b.conv2dInputGrad(gradient, weights, image, geometry) : output;
    const result = b.binary('max', b.add(made, input('bias', made.type.shape.slice(-1))), 0);
    return b.assign(b.buffer(name, 'state', 'f32', result.type.shape), result);
  });
  return b.program('padded', [{ name: 'all', count: 1, stores }]);
}

async function results(backend: Backend): Promise<ReadonlyMap<string, Float32Array>> {
  const made = program();
  const executable = await backend.compile(made);
  made.buffers.forEach(({ name, type }, stream) => {
    const source = randomSource({ seed: 8, stream });
    const values = Float32Array.from({ length: elementCount(type.shape) }, () => source.normal());
    executable.write(name, values);
  });
  await executable.run('all', 0, 1);
  const names = Object.keys(cases);
  const all = await Promise.all(names.map((name) => executable.read(name)));
  executable.destroy();
  backend.destroy();
  return new Map(names.map((name, i) => [name, all[i] as Float32Array]));
}

describe('large products over padded images', function () {
  this.timeout(60_000);

  it('are those of the reference, with the same bits for all threads and vectors', async () => {
    const expected = await results(createReferenceBackend());
    const alone = await results(createWasmBackend({ wide: false }));
    const wide = await results(createWasmBackend({ wide: true }));
    const two = await results(createWasmBackend({ threads: 2 }));
    const three = await results(createWasmBackend({ threads: 3, wide: true }));
    for (const [name, values] of expected) {
      const own = alone.get(name)!;
      assertClose(own, values, { relative: 2e-5, absolute: 1e-4 });
      for (const other of [wide, two, three]) {
        assert.ok(Buffer.from(other.get(name)!.buffer).equals(Buffer.from(own.buffer)), name);
      }
    }
  });
});
