import assert from 'node:assert/strict';
import { Controls } from '../../../src/core/train/controls.ts';
import { SliceClock } from '../../../src/core/train/slices.ts';
import { batchLoops } from '../../../src/core/train/batchLoops.ts';

/** A training that only counts: each turn takes as many steps as it may, at most three. */
function counter(startPaused: boolean) {
  const modes: string[] = [];
  const controls = new Controls(startPaused, (mode, at) => modes.push(`${mode} ${at}`));
  const state = { step: 0 };
  const done = (async () => {
    for (;;) {
      const allowed = await controls.boundary(state.step);
      if (allowed === 0) break;
      const steps = Math.min(3, allowed);
      state.step += steps;
      controls.used(steps);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await controls.finish();
  })();
  return { controls, state, modes, done };
}

describe('requests to a training', () => {
  it('take single steps, each answered when it is done, however fast they come', async () => {
    const { controls, state, modes, done } = counter(true);
    const answers: number[] = [];
    for (let i = 0; i < 3; i++) {
      controls.takeStep();
      answers.push(await controls.whenPaused(() => state.step));
    }
    assert.deepEqual(answers, [1, 2, 3]);
    controls.stop();
    await done;
    assert.deepEqual(modes.slice(0, 4), ['running 0', 'paused 1', 'running 1', 'paused 2']);
  });

  it('take as many steps as were asked for before the first was done', async () => {
    const { controls, state, done } = counter(true);
    const asked = Array.from({ length: 5 }, () => {
      controls.takeStep();
      return controls.whenPaused(() => state.step);
    });
    assert.deepEqual(await Promise.all(asked), [5, 5, 5, 5, 5]);
    controls.continue();
    await controls.atBoundary(() => undefined);
    controls.takeStep();
    const before = state.step;
    assert.equal(await controls.whenPaused(() => state.step), before + 1);
    controls.stop();
    await done;
  });

  it('pause between slices, with a state that no longer changes', async () => {
    const { controls, state, done } = counter(false);
    controls.pause();
    const step = await controls.whenPaused(() => state.step);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(state.step, step);
    controls.continue();
    await controls.atBoundary(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    controls.stop();
    await done;
    assert.ok(state.step > step);
  });

  it('read between slices while it runs, and reject when the reading fails', async () => {
    const { controls, state, done } = counter(false);
    const step = await controls.atBoundary(() => state.step);
    assert.equal(step % 3, 0);
    const broken = controls.atBoundary(() => Promise.reject(new Error('device lost')));
    await assert.rejects(broken, /device lost/);
    controls.stop();
    await done;
  });

  it('are all answered when the training ends, and at once after it', async () => {
    const { controls, state, done } = counter(false);
    const waiting = controls.whenPaused(() => state.step);
    controls.stop();
    await done;
    assert.equal(await waiting, state.step);
    assert.equal(await controls.whenPaused(() => state.step), state.step);
    assert.equal(await controls.atBoundary(() => 7), 7);
    controls.continue();
    assert.equal(controls.stopping, true);
  });
});

describe('slices', () => {
  const [train, last] = [{ name: 'train' }, { name: 'train/last' }];
  const whole = (loop: { name: string }, count: number) => ({ loop, from: 0, to: count });
  const lengths = (clock: SliceClock, ...remaining: ReturnType<typeof whole>[]) =>
    clock.next(remaining).map(({ from, to }) => to - from);

  it('begin with one iteration and grow by measuring, at most eightfold or to half a millisecond', () => {
    const clock = new SliceClock();
    assert.deepEqual(lengths(clock, whole(train, 1000)), [1]);
    clock.measured([whole(train, 1)], 0.001);
    assert.deepEqual(lengths(clock, whole(train, 1000)), [500]);
    clock.measured([whole(train, 1)], 0.1);
    assert.deepEqual(lengths(clock, whole(train, 1000)), [8]);
    clock.measured([whole(train, 8)], 100);
    assert.deepEqual(lengths(clock, whole(train, 1000)), [2]);
  });

  it('never fall below one iteration, however slow it is', () => {
    const clock = new SliceClock();
    clock.measured([whole(train, 1)], 60_000);
    assert.deepEqual(lengths(clock, whole(train, 10)), [1]);
    assert.deepEqual(lengths(clock, whole(train, 1), whole(last, 1)), [1]);
  });

  it('are not shortened by a slice that the end of a loop cut short', () => {
    const clock = new SliceClock();
    for (const n of [1, 8, 64]) clock.measured([whole(train, n)], n * 0.01);
    const before = lengths(clock, whole(train, 10_000));
    clock.measured([whole(train, 5)], 0.05);
    assert.deepEqual(lengths(clock, whole(train, 10_000)), before);
  });

  it('go over as many loops as fit, once each has been measured', () => {
    const clock = new SliceClock();
    const both = [whole(train, 8), whole(last, 1)];
    clock.measured([whole(train, 4)], 4);
    assert.deepEqual(lengths(clock, ...both), [8]);
    clock.measured([whole(last, 1)], 2);
    assert.deepEqual(lengths(clock, ...both), [8, 1]);
    clock.measured(both, 100);
    assert.deepEqual(lengths(clock, ...both), [2]);
  });

  it('continue where a loop stands', () => {
    const clock = new SliceClock();
    assert.deepEqual(clock.next([{ loop: train, from: 3, to: 9 }]), [
      { loop: train, from: 3, to: 4 },
    ]);
    assert.deepEqual(clock.next([]), []);
  });
});

describe('loops over batches', () => {
  const cases = [
    [
      957,
      20,
      [
        ['t', 47, 20, 0, 0],
        ['t/last', 1, 17, 940, 47],
      ],
    ],
    [40, 20, [['t', 2, 20, 0, 0]]],
    [7, 20, [['t/last', 1, 7, 0, 0]]],
    [1, 1, [['t', 1, 1, 0, 0]]],
    [0, 20, []],
  ] as const;
  for (const [rows, size, expected] of cases) {
    it(`take ${rows} rows ${size} at a time`, () => {
      const loops = batchLoops('t', rows, size).map((loop) => [
        loop.name,
        loop.count,
        loop.rows,
        loop.firstRow,
        loop.firstBatch,
      ]);
      assert.deepEqual(loops, expected);
    });
  }
});
