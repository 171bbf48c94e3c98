/** A change of the adapter setting starts another core, but never under a run in training. */
import assert from 'node:assert/strict';
import { idleRestart } from '../../../src/extension/core/idleRestart.ts';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import type { RunId } from '../../../src/shared/protocol/core.ts';
import { runEnd, runInfo } from '../../kit/runEvents.ts';

describe('a restart of the core when it is idle', () => {
  function following() {
    const store = new RunStore();
    let count = 0;
    const restart = idleRestart(store, () => count++);
    return { store, restart, count: () => count };
  }

  it('comes at once where no run trains, once for each demand', () => {
    const { store, restart, count } = following();
    restart.demand();
    restart.demand();
    assert.equal(count(), 2);
    store.begin('/w/a', 'a');
    assert.equal(count(), 2);
  });

  it('waits for the end of the run that trains, however often it is demanded', () => {
    const { store, restart, count } = following();
    store.begin('/w/a', 'a');
    store.prepared(runInfo({}));
    restart.demand();
    restart.demand();
    assert.equal(count(), 0);
    store.onEnd({ runId: 'run' as RunId, end: runEnd({}) });
    assert.equal(count(), 1);
    restart.dispose();
    assert.equal(store.listenerCount, 0);
  });
});
