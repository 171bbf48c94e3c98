import assert from 'node:assert/strict';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import type { RunChange } from '../../../src/extension/runs/runStore.ts';
import type { RunId } from '../../../src/shared/protocol/core.ts';
import { epochRecord, runEnd, runInfo } from '../../kit/runEvents.ts';

const first = 'first' as RunId;
const second = 'second' as RunId;

function started(): { store: RunStore; changes: RunChange['kind'][] } {
  const store = new RunStore();
  store.begin('/w/a.train.yaml', 'a');
  const changes: RunChange['kind'][] = [];
  store.onDidChange((change) => changes.push(change.kind));
  return { store, changes };
}

const steps = (runId: RunId, step: number, loss: number) => ({ runId, step, loss, seconds: 0 });

describe('RunStore', () => {
  it('goes from preparing over running to completed', () => {
    const { store, changes } = started();
    assert.equal(store.run?.state, 'preparing');
    store.prepared(runInfo({ runId: first }));
    assert.equal(store.run?.state, 'running');
    store.onSteps(steps(first, 2, 2));
    store.onEpochs({ runId: first, records: [epochRecord({ epoch: 1, loss: 2.5 })] });
    assert.equal(store.isActive, true);
    store.onEnd({ runId: first, end: runEnd({}) });
    assert.equal(store.run?.state, 'completed');
    assert.equal(store.isActive, false);
    assert.deepEqual([store.run?.steps, store.run?.lastLoss], [2, 2]);
    assert.deepEqual(changes, ['run', 'steps', 'epochs', 'state']);
  });

  it('keeps what the core says before it has answered the start', () => {
    const { store } = started();
    store.onSteps(steps(first, 1, 3));
    store.onEnd({ runId: first, end: runEnd({}) });
    store.prepared(runInfo({ runId: first }));
    assert.equal(store.run?.state, 'completed');
    assert.equal(store.run?.lastLoss, 3);
  });

  it('ignores late events of the run before', () => {
    const { store } = started();
    store.prepared(runInfo({ runId: first }));
    store.begin('/w/b.train.yaml', 'b');
    store.onSteps(steps(first, 1, 9));
    store.onEnd({ runId: first, end: runEnd({ status: 'stopped' }) });
    assert.equal(store.run?.state, 'preparing');
    assert.equal(store.run?.steps, 0);
    store.prepared(runInfo({ runId: second }));
    store.onSteps(steps(second, 1, 1));
    assert.equal(store.run?.lastLoss, 1);
  });

  it('fails a run that prepares when the core is gone', () => {
    const { store } = started();
    assert.equal(store.lost('gone'), false);
    assert.equal(store.run?.state, 'failed');
    assert.equal(store.run?.end?.verdict, 'gone');
  });

  it('counts a run in training as interrupted when the core is gone, and leaves a finished one alone', () => {
    const { store } = started();
    store.prepared(runInfo({ runId: first }));
    store.onSteps(steps(first, 1, 3));
    assert.equal(store.lost('gone'), true);
    const { state, end } = store.run!;
    assert.equal(state, 'interrupted');
    const step = store.run!.steps;
    assert.deepEqual(end, { status: 'interrupted', step, seconds: 0, verdict: 'gone' });
    const done = started().store;
    done.prepared(runInfo({ runId: first }));
    done.onEnd({ runId: first, end: runEnd({}) });
    assert.equal(done.lost('gone'), false);
    assert.equal(done.run?.state, 'completed');
  });

  it('shows progress only while the run prepares', () => {
    const { store } = started();
    store.onProgress({ file: '/w/a.train.yaml', message: 'downloading', fraction: 0.5 });
    assert.deepEqual(store.run?.progress, { message: 'downloading', fraction: 0.5 });
    store.prepared(runInfo({ runId: first }));
    assert.equal(store.run?.progress, null);
    store.onProgress({ file: '/w/a.train.yaml', message: 'late', fraction: 1 });
    assert.equal(store.run?.progress, null);
  });
});
