import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';

describe('reference backend', () => {
  it('lets every load see the state at the start of the iteration', async () => {
    const b = new Builder();
    const x = b.buffer('x', 'state', 'i32', []);
    const y = b.buffer('y', 'state', 'i32', []);
    const loop = {
      name: 'swap',
      count: 3,
      stores: [b.assign(x, b.load(y)), b.assign(y, b.load(x))],
    };
    const executable = await createReferenceBackend().compile(b.program('swap', [loop]));
    executable.write('x', Int32Array.of(1));
    executable.write('y', Int32Array.of(2));
    await executable.run('swap', 0, 3);
    assert.deepEqual(await executable.read('x'), Int32Array.of(2));
    assert.deepEqual(await executable.read('y'), Int32Array.of(1));
  });

  it('runs a range of iterations and emits one row of each column per iteration', async () => {
    const b = new Builder();
    const index = b.buffer('index', 'column', 'i32', [4]);
    const pair = b.buffer('pair', 'column', 'f32', [4, 2]);
    const total = b.buffer('total', 'state', 'i32', []);
    const i = b.iteration();
    const sum = b.add(b.load(total), i);
    const both = b.concat([b.reshape(b.convert(i, 'f32'), [1]), b.constant(0.5, [1])], 0);
    const stores = [b.emit(index, i), b.assign(total, sum), b.emit(pair, both)];
    const program = b.program('columns', [{ name: 'loop', count: 4, stores }]);
    const executable = await createReferenceBackend().compile(program);
    await executable.run('loop', 1, 3);
    assert.deepEqual(await executable.read('index'), Int32Array.of(0, 1, 2, 0));
    assert.deepEqual(await executable.read('total'), Int32Array.of(3));
    assert.deepEqual(await executable.read('pair', 2, 4), Float32Array.of(1, 0.5, 2, 0.5));
  });

  it('keeps float64 exactly, or rounds every op to float32', async () => {
    const b = new Builder();
    const x = b.buffer('x', 'state', 'f32', []);
    const stores = [b.assign(x, b.div(b.constant(1), 3))];
    const program = b.program('third', [{ name: 'loop', count: 1, stores }]);
    for (const [precision, expected] of [
      ['float64', 1 / 3],
      ['float32', Math.fround(1 / 3)],
    ] as const) {
      const executable = await createReferenceBackend({ precision }).compile(program);
      await executable.run('loop', 0, 1);
      assert.deepEqual(executable.readExact('x'), Float64Array.of(expected));
      assert.deepEqual(await executable.read('x'), Float32Array.of(1 / 3));
    }
  });

  it('rejects unknown loops, iterations and ranges of buffers', async () => {
    const b = new Builder();
    const x = b.buffer('x', 'state', 'u8', [3]);
    const stores = [b.assign(x, b.load(x))];
    const program = b.program('p', [{ name: 'loop', count: 1, stores }]);
    const executable = await createReferenceBackend().compile(program);
    await assert.rejects(executable.run('other', 0, 1), /internal: program p has no loop other/);
    await assert.rejects(executable.run('loop', 0, 2), /internal: loop has no iterations 0 to 2/);
    await assert.rejects(executable.read('x', 2, 2), /internal: x has 3 elements, not 2 \+ 2/);
    assert.throws(() => executable.write('y', new Uint8Array(1)), /internal: no buffer y/);
    assert.match(executable.describe(), /float64\nprogram p\nstate x: u8\[3\]/);
  });
});
