import assert from 'node:assert/strict';
import { throttle } from '../../../src/extension/ui/throttle.ts';

const tick = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('throttle', () => {
  it('runs at once, and once more for all that was asked for meanwhile', async () => {
    let runs = 0;
    const ask = throttle(() => runs++, 20);
    for (let i = 0; i < 100; i++) ask();
    assert.equal(runs, 1);
    while (runs < 2) await tick(5);
    await tick(60);
    assert.equal(runs, 2);
  });

  it('runs nothing after its end', async () => {
    let runs = 0;
    const ask = throttle(() => runs++, 5);
    ask();
    ask();
    ask.dispose();
    await tick(30);
    assert.equal(runs, 1);
  });
});
