/** A long iteration that is held stores nothing until it is let go, and computes the same bits. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import type { Executable } from '../../../src/core/backends/backend.ts';
import { imageData, imageNet, type ImageNet } from '../../bench/imageNets.ts';

const net = imageNet('w3');
const data = imageData(net);

async function started(threads: number): Promise<Executable> {
  const executable = await createWasmBackend({ threads }).compile(net.program);
  net.parameters.forEach((buffer, i) => executable.write(buffer.name, data.parameters[i]!));
  executable.write('data/x', data.x);
  executable.write('data/y', data.y);
  executable.write('learning_rate', Float32Array.of(1e-3));
  return executable;
}

function stateOf(executable: Executable, { program }: ImageNet): Promise<unknown> {
  const kept = program.buffers.filter(({ role }) => role !== 'data');
  return Promise.all(kept.map(({ name }) => executable.read(name)));
}

describe('a long iteration that is held', () => {
  for (const threads of [1, 2]) {
    it(`shows the state before it for as long as that, with ${threads} threads, and loses nothing`, async () => {
      const [held, free] = [await started(threads), await started(threads)];
      for (let step = 0; step < 3; step++) {
        await free.run('train', step, step + 1);
        const before = await stateOf(held, net);
        let isOver = false;
        const run = held.run('train', step, step + 1).then(() => (isOver = true));
        const hold = held.hold!();
        assert.ok(hold !== null, 'the iteration has just begun');
        assert.equal(held.hold!(), null, 'it is held already');
        // Twice the time that an iteration takes here when it is free.
        const begun = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 150));
        assert.ok(performance.now() > begun);
        assert.equal(isOver, false);
        assert.deepEqual(await stateOf(held, net), before);
        hold.release();
        await run;
        assert.deepEqual(await stateOf(held, net), await stateOf(free, net));
      }
      assert.equal(held.hold!(), null, 'nothing runs');
      held.destroy();
      free.destroy();
    }).timeout(30_000);
  }

  it('can be given up', async () => {
    const executable = await started(2);
    const run = executable.run('train', 0, 1);
    const before = await stateOf(executable, net);
    const hold = executable.hold!();
    assert.ok(hold !== null);
    hold.giveUp();
    await assert.rejects(run, /the worker ended/);
    assert.deepEqual(await stateOf(executable, net), before);
    executable.destroy();
  });

  it('is one alone: a run of several is not held', async () => {
    const executable = await started(1);
    const run = executable.run('train', 0, 2);
    assert.equal(executable.hold!(), null);
    await run;
    executable.destroy();
  });
});
