/** A timed program of the wasm backend: the same bits, and every kernel with its time, its work and where it comes from. */
import assert from 'node:assert/strict';
import type { LoopTimes } from '../../../src/core/backends/backend.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Program } from '../../../src/core/ir/program.ts';
import { imageData, imageNet } from '../../bench/imageNets.ts';
import { w1Program } from '../../kit/w1Program.ts';

async function timesOf(program: Program, loop: string, count: number): Promise<LoopTimes> {
  const executable = await createWasmBackend({ threads: 1 }).compile(program, { timed: true });
  await executable.run(loop, 0, count);
  const times = executable.takeTimes!(loop);
  executable.destroy();
  return times;
}

describe('a timed wasm program', () => {
  for (const threads of [1, 2]) {
    it(`computes the bits of the plain one with ${threads} threads`, async () => {
      const net = imageNet('w2');
      const data = imageData(net);
      const backend = createWasmBackend({ threads });
      const results = [];
      for (const timed of [false, true]) {
        const executable = await backend.compile(net.program, { timed });
        net.parameters.forEach((buffer, i) => executable.write(buffer.name, data.parameters[i]!));
        executable.write('data/x', data.x);
        executable.write('data/y', data.y);
        executable.write('learning_rate', Float32Array.of(0.01));
        await executable.run('train', 0, 3);
        await executable.run('train', 3, 5);
        const names = ['loss', ...net.parameters.map(({ name }) => name)];
        results.push(await Promise.all(names.map((name) => executable.read(name))));
        executable.destroy();
      }
      const [plain, timed] = results;
      assert.ok(plain![0]![4]! > 0);
      assert.deepEqual(timed, plain);
    }).timeout(20_000);
  }

  it('gives the times since it was last asked', async () => {
    const { program } = w1Program();
    const executable = await createWasmBackend().compile(program, { timed: true });
    const { name } = program.loops[0]!;
    await executable.run(name, 0, 10);
    await executable.run(name, 10, 15);
    const first = executable.takeTimes!(name);
    assert.equal(first.iterations, 15);
    assert.ok(first.kernels.some(({ milliseconds }) => milliseconds > 0));
    const next = executable.takeTimes!(name);
    assert.equal(next.iterations, 0);
    assert.ok(next.kernels.every(({ milliseconds }) => milliseconds === 0));
    executable.destroy();
  });

  it('counts operations and bytes from the shapes', async () => {
    const b = new Builder();
    const x = b.buffer('x', 'data', 'f32', [40, 30]);
    const w = b.buffer('w', 'state', 'f32', [30, 20]);
    const bias = b.buffer('bias', 'state', 'f32', [20]);
    const y = b.buffer('y', 'state', 'f32', [40, 20]);
    const forward = { layer: 'fc', pass: 'forward' } as const;
    const sums = b.from(forward, () => b.add(b.matmul(b.load(x), b.load(w)), b.load(bias)));
    const loop = { name: 'loop', count: 2, stores: [b.assign(y, sums)] };
    const { kernels } = await timesOf(b.program('product', [loop]), 'loop', 2);
    const common = { shape: [40, 20], form: null, origins: [forward], milliseconds: 0 };
    assert.deepEqual(
      kernels.map((kernel) => ({ ...kernel, milliseconds: 0 })),
      [
        {
          ...common,
          ops: ['matmul'],
          operations: 2 * 40 * 30 * 20,
          bytes: 4 * (40 * 30 + 30 * 20 + 40 * 20),
        },
        { ...common, ops: ['add'], operations: 40 * 20, bytes: 4 * (2 * 40 * 20 + 20) },
      ],
    );
  });
});
