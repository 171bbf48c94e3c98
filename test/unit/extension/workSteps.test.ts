import assert from 'node:assert/strict';
import { type Increment, whenItLasts, WorkSteps } from '../../../src/extension/ui/workSteps.ts';

describe('the steps of a work', () => {
  it('are told as percent that were added, and never go back', () => {
    const steps = new WorkSteps();
    const told: Increment[] = [];
    steps.listen((increment) => told.push(increment));
    for (const fraction of [0.25, 0.75, 0.5, null, 1]) steps.report({ fraction });
    assert.deepEqual(
      told.map(({ increment }) => increment),
      [25, 50, 0, 0, 25],
    );
  });

  it('are told from the last one to who listens later', () => {
    const steps = new WorkSteps();
    steps.report({ message: 'reading', fraction: 0.2 });
    steps.report({ message: 'encoding', fraction: 0.5 });
    const told: Increment[] = [];
    steps.listen((increment) => told.push(increment));
    steps.report({ fraction: 0.75 });
    assert.deepEqual(told, [{ message: 'encoding', increment: 50 }, { increment: 25 }]);
  });
});

describe('a work', () => {
  it('that lasts is told of while it lasts', async () => {
    let end: () => void = () => undefined;
    const work = new Promise<void>((resolve) => (end = resolve));
    await new Promise<void>((told) => whenItLasts(work, 5, told));
    end();
  });

  for (const [how, work] of [
    ['done', () => Promise.resolve()],
    ['failed', () => Promise.reject(new Error('no'))],
  ] as const) {
    it(`that is ${how} before is not`, async () => {
      let isTold = false;
      whenItLasts(work(), 0, () => (isTold = true));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(isTold, false);
    });
  }
});
