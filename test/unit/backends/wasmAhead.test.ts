/** Work that is done an iteration ahead on a thread of its own gives the same bits, and each iteration's once. */
import assert from 'node:assert/strict';
import { AheadThread } from '../../../src/core/backends/wasm/aheadThread.ts';
import type { LoopCall } from '../../../src/core/backends/wasm/loopWorkers.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { isWorthAhead } from '../../../src/core/backends/wasm/work.ts';
import type { Executable } from '../../../src/core/backends/backend.ts';
import type { Program } from '../../../src/core/ir/program.ts';
import { randomSource } from '../../../src/core/random/threefry.ts';
import { imageNet } from '../../bench/imageNets.ts';
import { aheadProgram, all, count, width } from '../../kit/aheadProgram.ts';

function orderOf(turn: number): Int32Array {
  return Int32Array.from({ length: all }, (_, i) => (i * 7 + turn * 11) % all);
}

async function started(ahead: boolean, threads = 1): Promise<Executable> {
  const executable = await createWasmBackend({ threads, ahead }).compile(aheadProgram());
  const { word } = randomSource({ seed: 4, stream: 0 });
  executable.write('table', Uint8Array.from({ length: all * width }, word));
  executable.write('labels', Uint8Array.from({ length: all }, word));
  executable.write('order', orderOf(0));
  return executable;
}

const stateOf = async (executable: Executable): Promise<unknown> => [
  await executable.read('weights'),
  await executable.read('loss'),
];

/** Two epochs, cut where `cuts` says. */
async function trained(executable: Executable, cuts: readonly number[]): Promise<unknown> {
  const states = [];
  for (const epoch of [0, 1]) {
    executable.write('order', orderOf(epoch));
    let from = 0;
    for (const to of [...cuts, count]) {
      await executable.run('train', from, to);
      from = to;
    }
    states.push(await stateOf(executable));
  }
  executable.destroy();
  return states;
}

describe('work done an iteration ahead', () => {
  it('gives the same bits, however the iterations are cut into runs and how many threads there are', async () => {
    const alone = await trained(await started(false), []);
    for (const cuts of [[], [1, 2, 3, 4, 5, 6, 7, 8], [4, 5]]) {
      assert.deepEqual(await trained(await started(true), cuts), alone, `cut at ${cuts.join()}`);
      assert.deepEqual(await trained(await started(true, 2), cuts), alone);
    }
  }).timeout(20_000);

  it('is done again when what it is made of changes, or another iteration is asked for', async () => {
    const [ahead, alone] = [await started(true), await started(false)];
    for (const executable of [ahead, alone]) {
      await executable.run('train', 0, 2);
      executable.write('order', orderOf(5));
      await executable.run('train', 2, 3);
      await executable.run('train', 7, 8);
      await executable.run('train', 3, 4);
    }
    assert.deepEqual(await stateOf(ahead), await stateOf(alone));
    ahead.destroy();
    alone.destroy();
  });

  it('leaves the loop without it', async () => {
    const [ahead, alone] = [await started(true), await started(false)];
    const [before, rest] = ahead.describe().split('loop train:') as [string, string];
    assert.match(before, /loop train, an iteration ahead:/);
    assert.match(before, /gatherRows/);
    assert.doesNotMatch(rest, /gatherRows|sin/);
    assert.match(alone.describe().split('loop train:')[1]!, /gatherRows/);
    ahead.destroy();
    alone.destroy();
  });

  it('pays only for much work of a loop that changes something', () => {
    const [loop] = aheadProgram().loops as [Program['loops'][0]];
    assert.equal(isWorthAhead(loop), true);
    assert.equal(isWorthAhead({ ...loop, count: 1 }), false);
    const loading = imageNet('w2', { batch: 512, width: 1 }).program.loops[0]!;
    assert.equal(isWorthAhead(loading), false, 'rows that are only loaded');
    assert.equal(isWorthAhead({ ...loop, stores: loop.stores.slice(0, 1) }), false);
  });

  it('is asked for once an iteration, the last of a run for the next run', async () => {
    const asked: number[] = [];
    const workers = {
      run({ from, to }: LoopCall) {
        for (let i = from; i < to; i++) asked.push(i);
        return Promise.resolve(null);
      },
      destroy: () => undefined,
    };
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const plan = { clusters: [], homes: new Map(), scratch: new Map(), copies: [] };
    const meeting = { iteration: 0, ready: 4, taken: 8, waits: 12 };
    const empty = { plan: { ...plan, arenaEnd: 0, gateAfter: null }, meeting, handed: [] };
    const thread = new AheadThread({ name: 'loop0/ahead', count: 6, plan: empty }, workers, memory);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 5],
      [5, 6],
    ] as const) {
      await thread.along(from, to, () => Promise.resolve());
      assert.deepEqual(
        asked,
        Array.from({ length: Math.min(to + 1, 6) }, (_, i) => i),
      );
    }
  });

  it('fails with the thread that does it', async () => {
    const executable = await started(true);
    const run = executable.run('train', 0, count);
    executable.destroy();
    await assert.rejects(run, /the worker ended/);
  });
});
