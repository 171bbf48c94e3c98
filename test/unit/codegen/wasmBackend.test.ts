/** What holds for every program on the wasm backend: stores, slices, numeric choices, errors. */
import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { BufferDecl, Store } from '../../../src/core/ir/program.ts';
import { isError } from '../../../src/shared/errors.ts';
import { assertClose } from '../../kit/close.ts';
import { fillW1, runW1Epoch, w1Program } from '../../kit/w1Program.ts';

const backend = createWasmBackend();

/** One loop over f32[`size`] state buffers `a` and `b`, run for `count` iterations. */
async function iterate(
  { size, count }: { size: number; count: number },
  body: (builder: Builder, a: BufferDecl, b: BufferDecl) => Store[],
): Promise<{ a: number[]; b: number[] }> {
  const builder = new Builder();
  const a = builder.buffer('a', 'state', 'f32', [size]);
  const b = builder.buffer('b', 'state', 'f32', [size]);
  const loop = { name: 'loop', count, stores: body(builder, a, b) };
  const executable = await backend.compile(builder.program('test', [loop]));
  const ramp = Float32Array.from({ length: size }, (_, i) => i + 1);
  executable.write('a', ramp);
  executable.write(
    'b',
    ramp.map((x) => x * 100),
  );
  await executable.run('loop', 0, count);
  return { a: [...(await executable.read('a'))], b: [...(await executable.read('b'))] };
}

describe('wasm backend', () => {
  describe('loads see the state at the start of the iteration', () => {
    const size = 7;
    const ramp = Array.from({ length: size }, (_, i) => i + 1);

    it('swaps two buffers', async () => {
      const { a, b } = await iterate({ size, count: 3 }, (builder, x, y) => [
        builder.assign(x, builder.load(y)),
        builder.assign(y, builder.load(x)),
      ]);
      assert.deepEqual([a, b], [ramp.map((x) => x * 100), ramp]);
    });

    it('reads the old value after the buffer has been computed in another kernel', async () => {
      const { a, b } = await iterate({ size, count: 1 }, (builder, x, y) => {
        const old = builder.load(x);
        const doubled = builder.mul(old, 2);
        // A sum of the new value, then something of the old one that depends on that sum.
        const late = builder.add(old, builder.reduce('sum', doubled));
        return [builder.assign(x, doubled), builder.assign(y, late)];
      });
      assert.deepEqual(
        a,
        ramp.map((x) => x * 2),
      );
      assert.deepEqual(
        b,
        ramp.map((x) => x + 56),
      );
    });

    it('reverses a buffer onto itself by gathering its rows', async () => {
      const { a } = await iterate({ size, count: 1 }, (builder, x, y) => {
        const last = builder.constant(size - 1, [size], 'i32');
        const order = builder.binary('sub', last, builder.iota([size], 0));
        const turned = builder.gatherRows(builder.load(x), order);
        return [builder.assign(x, turned), builder.assign(y, builder.load(y))];
      });
      assert.deepEqual(a, ramp.toReversed());
    });

    it('shifts a buffer by a slice of itself', async () => {
      const { a } = await iterate({ size, count: 2 }, (builder, x, y) => {
        const rest = builder.slice(builder.load(x), [1], [size - 1]);
        const shifted = builder.concat([rest, builder.constant(0, [1])], 0);
        return [builder.assign(x, shifted), builder.assign(y, builder.load(y))];
      });
      assert.deepEqual(a, [3, 4, 5, 6, 7, 0, 0]);
    });

    it('stores one value in two buffers', async () => {
      const { a, b } = await iterate({ size, count: 1 }, (builder, x, y) => {
        const sum = builder.add(builder.load(x), builder.load(y));
        return [builder.assign(x, sum), builder.assign(y, sum)];
      });
      assert.deepEqual([a, b], [ramp.map((x) => x * 101), ramp.map((x) => x * 101)]);
    });

    it('stores the first rows of a computed value that is larger', async () => {
      const { a } = await iterate({ size, count: 1 }, (builder, x, y) => {
        const both = builder.mul(builder.concat([builder.load(y), builder.load(x)], 0), 2);
        return [builder.assign(x, builder.slice(both, [0], [size]))];
      });
      assert.deepEqual(
        a,
        ramp.map((x) => x * 200),
      );
    });
  });

  it('emits a row for each iteration, of every dtype', async () => {
    const b = new Builder();
    const index = b.iteration();
    const row = b.mul(b.convert(b.broadcast(index, [3]), 'f32'), b.constant([1, 10, 100], [3]));
    const stores = [
      b.emit(b.buffer('f32', 'column', 'f32', [5, 3]), row),
      b.emit(b.buffer('i32', 'column', 'i32', [5]), index),
      b.emit(b.buffer('u8', 'column', 'u8', [5, 3]), b.convert(row, 'u8')),
      b.emit(b.buffer('bool', 'column', 'bool', [5, 3]), b.compare('gt', row, 20)),
    ];
    const program = b.program('emit', [{ name: 'loop', count: 5, stores }]);
    const executable = await backend.compile(program);
    await executable.run('loop', 1, 3);
    assert.deepEqual(
      [...(await executable.read('f32'))],
      [0, 0, 0, 1, 10, 100, 2, 20, 200, 0, 0, 0, 0, 0, 0],
    );
    assert.deepEqual([...(await executable.read('i32'))], [0, 1, 2, 0, 0]);
    assert.deepEqual([...(await executable.read('u8', 3, 6))], [1, 10, 100, 2, 20, 200]);
    assert.deepEqual([...(await executable.read('bool', 3, 6))], [0, 0, 1, 0, 0, 1]);
  });

  it('gives the same bits for W1 in whatever slices it is run', async () => {
    const epoch = w1Program();
    const whole = await backend.compile(epoch.program);
    const sliced = await backend.compile(epoch.program);
    fillW1(whole);
    fillW1(sliced);
    for (let i = 0; i < 3; i++) {
      await runW1Epoch(whole, epoch);
      for (const { name, count } of [...epoch.train, ...epoch.validation]) {
        for (let from = 0; from < count; from += 5)
          await sliced.run(name, from, Math.min(count, from + 5));
      }
    }
    for (const { name } of epoch.program.buffers) {
      assert.deepEqual(await sliced.read(name), await whole.read(name), name);
    }
  });

  for (const deterministic of [true, 'portable'] as const) {
    it(`trains W1 as the float64 reference does (deterministic: ${deterministic})`, async () => {
      const epoch = w1Program();
      const actual = await createWasmBackend({ deterministic }).compile(epoch.program);
      const expected = await createReferenceBackend().compile(epoch.program);
      fillW1(actual);
      fillW1(expected);
      await runW1Epoch(actual, epoch);
      await runW1Epoch(expected, epoch);
      for (const { name, role } of epoch.program.buffers) {
        if (role === 'data') continue;
        assertClose(await actual.read(name), expected.readExact(name), {
          relative: 1e-5,
          absolute: 1e-6,
        });
      }
    });
  }

  describe('numeric choices', () => {
    it('portable forbids what differs between processors', () => {
      assert.equal(createWasmBackend({ deterministic: 'portable' }).choices['fma'], 'none');
    });

    it('given choices are kept, and give the bits of the run that recorded them', async () => {
      const portable = createWasmBackend({ deterministic: 'portable' });
      const again = createWasmBackend({ choices: portable.choices });
      assert.deepEqual(again.choices, portable.choices);
      const epoch = w1Program();
      const results = [];
      for (const each of [portable, again]) {
        const executable = await each.compile(epoch.program);
        fillW1(executable);
        await runW1Epoch(executable, epoch);
        results.push(await executable.read('fc2/kernel'));
      }
      assert.deepEqual(results[0], results[1]);
    });

    it('refuses a run whose choices this runtime cannot honour', function () {
      if (backend.choices['fma'] === 'relaxed') this.skip();
      assert.throws(
        () => createWasmBackend({ choices: { fma: 'relaxed' } }),
        (error) => isError(error, 'device.unavailable'),
      );
    });
  });

  it('refuses a recurrence of too many turns, saying how many it can do', async () => {
    const b = new Builder();
    const state = b.buffer('state', 'state', 'f32', [3]);
    const carry = b.scanInput('carry', state.type);
    const scan = { count: 100_000, inputs: [carry], carries: [b.mul(carry, 2)], outputs: [] };
    const stores = [b.assign(state, b.scan(scan, [b.load(state)], [])[0]!)];
    await assert.rejects(
      backend.compile(b.program('recurrence', [{ name: 'loop', count: 1, stores }])),
      (error) => isError(error, 'backend.unsupported') && /turns/.test((error as Error).message),
    );
  });

  it('refuses programs that do not fit its memory, saying how large they are', async () => {
    const b = new Builder();
    const huge = b.buffer('huge', 'state', 'f32', [2 ** 30, 2]);
    const stores = [b.assign(huge, b.constant(0, [2 ** 30, 2]))];
    await assert.rejects(
      backend.compile(b.program('huge', [{ name: 'loop', count: 1, stores }])),
      (error) => isError(error, 'backend.unsupported') && /GiB/.test((error as Error).message),
    );
  });

  describe('buffers', () => {
    const small = async () => {
      const b = new Builder();
      const x = b.buffer('x', 'state', 'f32', [4]);
      const program = b.program('small', [
        { name: 'loop', count: 2, stores: [b.assign(x, b.mul(b.load(x), 2))] },
      ]);
      return backend.compile(program);
    };

    it('are zero at first, and are written and read in parts', async () => {
      const executable = await small();
      executable.write('x', Float32Array.of(5, 6), 1);
      assert.deepEqual([...(await executable.read('x'))], [0, 5, 6, 0]);
      assert.deepEqual([...(await executable.read('x', 2, 2))], [6, 0]);
    });

    it('are copied when read', async () => {
      const executable = await small();
      executable.write('x', Float32Array.of(1, 1, 1, 1));
      const before = await executable.read('x');
      await executable.run('loop', 0, 2);
      assert.deepEqual([...before], [1, 1, 1, 1]);
      assert.deepEqual([...(await executable.read('x'))], [4, 4, 4, 4]);
    });

    it('that do not exist, ranges outside, and unknown loops are refused', async () => {
      const executable = await small();
      assert.throws(() => executable.write('y', Float32Array.of(1)), /no buffer "y"/);
      assert.throws(() => executable.write('x', Float32Array.of(1, 2), 3), /elements 3 to 5/);
      assert.throws(() => executable.read('x', -1, 1), /elements -1 to 0/);
      assert.throws(() => executable.run('other', 0, 1), /no loop "other"/);
      assert.throws(() => executable.run('loop', 0, 3), /iterations 0 to 3/);
    });
  });

  it('describes kernels and memory', async () => {
    const executable = await backend.compile(w1Program().program);
    const text = executable.describe();
    assert.match(text, /bytes of arena/);
    assert.match(text, /loop train:\n/);
    assert.match(text, /matmul \[20,10\]: matmul; add.*max/);
    assert.match(text, /state fc1\/kernel: f32\[5,10\]/);
  });
});
