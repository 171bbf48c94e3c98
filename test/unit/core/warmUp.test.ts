/** The warm-up of the core does real work, only while nobody asks, and none once a run begins. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Envelope } from '../../../src/shared/protocol/contract.ts';
import { warmUpPieces, warmUpWhenIdle } from '../../../src/core/warmUp.ts';

/** Many pieces, of which it tells how many were done. */
function counted() {
  const state = { done: 0 };
  function* pieces(): Generator<number, void> {
    while (state.done < 1000) yield state.done++;
  }
  return { state, pieces: pieces() };
}

/** Until `reached` or, on a machine that does nothing else for so long, five seconds. */
async function waitUntil(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !reached(); i++) await wait(10);
}

describe('warm-up of the core', () => {
  it('parses, builds, compiles and runs a training', async () => {
    const results: unknown[] = [];
    for (const piece of warmUpPieces()) results.push(await piece);
    assert.equal(results.length, 4);
    assert.ok(results.slice(1, 3).every((result) => result !== null));
  });

  it('goes on piece by piece while nobody asks, and ends for good when a run begins', async () => {
    const { state, pieces } = counted();
    let say: (message: Envelope) => void = () => undefined;
    warmUpWhenIdle({ onMessage: (listener) => (say = listener) }, pieces);
    await waitUntil(() => state.done >= 2);
    assert.ok(state.done >= 2);
    say({ kind: 'request', id: 1, method: 'run/start', args: {} });
    const before = state.done;
    await wait(150);
    assert.equal(state.done, before);
  });
});
