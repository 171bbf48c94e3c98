/** Long iterations of the wasm backend run on a thread of their own; short ones do not. */
import assert from 'node:assert/strict';
import { takesLong } from '../../../src/core/backends/wasm/work.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Program } from '../../../src/core/ir/program.ts';

/** sum = ones x w, n wide, in every iteration; `turns` counts iterations. */
function productProgram(n: number): Program {
  const b = new Builder();
  const w = b.buffer('w', 'state', 'f32', [n, n]);
  const sum = b.buffer('sum', 'state', 'f32', [n, n]);
  const turns = b.buffer('turns', 'state', 'i32', []);
  const ones = b.buffer('ones', 'state', 'f32', [n, n]);
  return b.program('product', [
    {
      name: 'loop',
      count: 3,
      stores: [
        b.assign(sum, b.matmul(b.load(ones), b.load(w))),
        b.assign(turns, b.add(b.load(turns), 1)),
      ],
    },
  ]);
}

/** Turns of the event loop until the promise settles. */
async function turnsUntil(promise: Promise<unknown>): Promise<number> {
  let settled = false;
  let turns = 0;
  const end = promise.finally(() => (settled = true));
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  await end;
  return turns;
}

describe('a wasm loop', () => {
  const cases = [
    { n: 8, long: false },
    { n: 512, long: true },
  ];
  for (const { n, long } of cases) {
    it(`of ${n} x ${n} products ${long ? 'leaves the event loop free' : 'runs at once'}, with exact results`, async () => {
      const program = productProgram(n);
      assert.equal(takesLong(program.loops[0]!), long);
      const executable = await createWasmBackend().compile(program);
      executable.write('ones', new Float32Array(n * n).fill(1));
      executable.write(
        'w',
        Float32Array.from({ length: n * n }, (_, i) => i % 7),
      );
      const run = executable.run('loop', 0, 2);
      const turnsDone = await turnsUntil(run);
      assert.equal(turnsDone > 1, long, `${turnsDone} turns of the event loop`);
      await executable.run('loop', 2, 3);
      const expected = Array.from({ length: n }, (_, column) => {
        let sum = 0;
        for (let row = 0; row < n; row++) sum += (row * n + column) % 7;
        return sum;
      });
      assert.deepEqual(Array.from(await executable.read('sum', 0, n)), expected);
      assert.deepEqual(Array.from(await executable.read('turns')), [3]);
      executable.destroy();
    });
  }

  it('that is destroyed in mid-run fails instead of waiting for ever', async () => {
    const executable = await createWasmBackend().compile(productProgram(512));
    const run = executable.run('loop', 0, 3);
    executable.destroy();
    await assert.rejects(run, /the worker ended/);
  });
});
