/**
 * With a free core no step waits for its images: the next ones are ready while the step is still under way, whatever it
 * does, and they are a small part of its work. Waits are counted, so that a run can tell (test/bench/augmentationBench.ts).
 */
import assert from 'node:assert/strict';
import { AheadThread } from '../../../src/core/backends/wasm/aheadThread.ts';
import { LoopWorkers, type LoopCall } from '../../../src/core/backends/wasm/loopWorkers.ts';
import { generate } from '../../../src/core/codegen/wasm/generate.ts';
import { loopKernels } from '../../../src/core/codegen/wasm/kernelInfo.ts';
import type { AheadPlan } from '../../../src/core/codegen/wasm/runAhead.ts';
import { simplify } from '../../../src/core/passes/simplify.ts';
import { aheadProgram, count } from '../../kit/aheadProgram.ts';
import { sampleProgram } from '../../kit/samplePrograms.ts';

/** Steps of a small loop whose part that is done ahead runs on a thread, while the test plays the rest of each step. */
async function playedSteps() {
  const { ahead, loops, memory, module } = await compiled();
  const words = new Int32Array(memory.buffer);
  const { ready, taken, waits } = ahead.meeting;
  const threads = new LoopWorkers({ module, memory });
  let ended = 0;
  const counted = {
    run: (call: LoopCall) => threads.run(call).then(() => ended++),
    destroy: () => threads.destroy(),
  };
  return {
    loader: new AheadThread({ name: 'loop0/ahead', count, plan: ahead }, counted, memory),
    loops,
    prepared: () => Atomics.load(words, ready / 4),
    waited: () => Atomics.load(words, waits / 4),
    /** Runs of the loader that have ended. */
    ended: () => ended,
    set(word: 'ready' | 'taken', value: number) {
      const at = (word === 'ready' ? ready : taken) / 4;
      Atomics.store(words, at, value);
      Atomics.notify(words, at);
    },
  };
}

async function compiled() {
  const generated = generate(simplify(aheadProgram()), {
    fma: false,
    wide: false,
    shared: true,
    ahead: new Set(['train']),
  });
  const { pages, bytes } = generated;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  generated.pool.writeTo(memory.buffer);
  const module = await WebAssembly.compile(new Uint8Array(bytes));
  const { ahead } = generated.loops[0]!;
  assert.ok(ahead !== null);
  return { ahead, memory, module, loops: new LoopWorkers({ module, memory }) };
}

/** Fails with the test's own limit of time when it never comes true. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A promise that the test keeps. */
function held() {
  let release: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
}

function work({ plan }: Pick<AheadPlan, 'plan'>): number {
  return loopKernels(plan).reduce((sum, { operations }) => sum + operations, 0);
}

describe('with a free core a step', () => {
  it('finds its images there: they were made while the one before was still under way', async () => {
    const played = await playedSteps();
    const { loader } = played;
    for (let i = 0; i < 3; i++) {
      const step = held();
      const along = loader.along(i, i + 1, () => step.promise);
      await until(() => played.prepared() >= i + 1);
      played.set('taken', i + 1); // the step has copied its own images, and goes on for as long as it likes
      await until(() => played.prepared() === i + 2 && played.ended() === i + 1);
      step.release();
      await along;
      assert.equal(loader.waits, 0);
    }
    loader.destroy();
    played.loops.destroy();
  }).timeout(20_000);

  it('that has to wait is counted, at its beginning and at its end', async () => {
    const played = await playedSteps();
    const { loader, loops } = played;
    const late = loops.run({ name: 'loop0', from: 0, to: 1, threads: 1 });
    await until(() => played.waited() === 1);
    played.set('ready', 1);
    await late;
    played.set('ready', 2);
    await loops.run({ name: 'loop0', from: 1, to: 2, threads: 1 });
    assert.equal(loader.waits, 1);
    // Nobody takes the tray, so the loader is not done when the step is.
    const along = loader.along(4, 5, () => Promise.resolve());
    await until(() => played.prepared() === 5);
    played.set('taken', 5);
    await along;
    assert.equal(loader.waits, 2);
    loader.destroy();
    loops.destroy();
  }).timeout(20_000);

  it('of samples/cifar10-keras has a hundred times the work that its images take', () => {
    const program = simplify(sampleProgram('cifar10-keras/cifar10-keras.train.yaml'));
    const [loop] = generate(program, {
      fma: true,
      wide: true,
      shared: true,
      ahead: new Set(['train']),
    }).loops;
    const images = work(loop!.ahead!);
    assert.ok(images > 0);
    assert.ok(work(loop!) > 100 * images, `${work(loop!)} operations, ${images} for the images`);
  });
});
