import assert from 'node:assert/strict';
import { formatDuration } from '../../../src/shared/duration.ts';
import { metricRows, runView, withLive } from '../../../src/extension/explorer/runView.ts';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import { fillIn } from '../../../src/shared/numberFormat.ts';
import type { RunId } from '../../../src/shared/protocol/core.ts';
import { epochRecord, runInfo, runListEntry, savedRun } from '../../kit/runEvents.ts';

const english = (message: string, ...values: (string | number)[]) => fillIn(message, ...values);
const describeRun = (parts: Parameters<typeof runListEntry>[0]) =>
  runView(runListEntry({ created: '2026-11-21T10:53:00', ...parts }), english, {
    locale: 'en',
    now: new Date('2026-11-21T23:00:00'),
  }).description.replaceAll('\u202f', ' ');

describe('runView', () => {
  const majority = { kind: 'majority', metrics: { accuracy: 0.44 }, guess: 'Adelie' } as const;
  const right = { epoch: 9, rows: 100, correct: 98, rmse: null };

  it('says how good a finished run is beside a guess, and how long it took', () => {
    assert.equal(
      describeRun({ score: right, baseline: majority, seconds: 3.21 }),
      '10:53 AM · 98% right (guess: 44%) · 3.2 sec',
    );
  });

  it('does not praise what was seen in training', () => {
    const entry = runListEntry({ score: right, seenRows: 90, seconds: 1 });
    const { icon, color, description } = runView(entry, english, { locale: 'en' });
    assert.deepEqual([icon, color], ['pass', 'charts.yellow']);
    assert.match(description, /98% right · 1 sec · rows seen in training$/);
  });

  it('says how far off numbers are', () => {
    const baseline = { kind: 'mean', metrics: { rmse: 2.5 }, guess: '7' } as const;
    const score = { epoch: 9, rows: 100, correct: null, rmse: 0.5 };
    assert.equal(
      describeRun({ score, baseline, seconds: 61 }),
      '10:53 AM · off by 0.5 (guess: 2.5) · 1 min 1 sec',
    );
  });

  it('leaves out what is not known', () => {
    assert.equal(describeRun({ score: null, baseline: null, seconds: 0 }), '10:53 AM · 0 sec');
    assert.equal(
      describeRun({ score: right, baseline: null, seconds: 12 }),
      '10:53 AM · 98% right · 12 sec',
    );
  });

  it('says the day of a run that is not of today', () => {
    const text = describeRun({ created: '2026-11-20T10:53:00', seconds: 1 });
    assert.match(text, /^11\/20\/26, 10:53 AM · /);
  });

  for (const [state, begin] of [
    ['running', 'training · epoch 5/10'],
    ['paused', 'paused · epoch 5/10'],
    ['stopped', 'stopped · '],
    ['failed', 'failed · '],
    ['interrupted', 'interrupted · '],
  ] as const) {
    it(`begins with its state: ${state}`, () => {
      const text = describeRun({ state, epochs: 10, epochsDone: 5 });
      assert.ok(text.startsWith(begin), text);
    });
  }

  it('shows a run in training as it is now, and no other', () => {
    const store = new RunStore();
    store.begin('/w/a.train.yaml', 'a');
    store.prepared(runInfo({ runId: '/w/runs/a' as RunId, directory: '/w/runs/a' }));
    store.onEpochs({
      runId: '/w/runs/a' as RunId,
      records: [epochRecord({ epoch: 3, loss: 0.25, metrics: { accuracy: 0.75 } })],
    });
    const ours = runListEntry({ directory: '/w/runs/a', state: 'running', epochsDone: 0 });
    const live = withLive(ours, store.run);
    assert.deepEqual([live.epochsDone, live.loss, live.metrics], [3, 0.25, { accuracy: 0.75 }]);
    const other = runListEntry({ directory: '/w/runs/b' });
    assert.equal(withLive(other, store.run), other);
  });

  it('puts validation metrics beside their baseline', () => {
    const run = runListEntry({
      loss: 0.5,
      val_loss: null,
      metrics: { accuracy: 0.9, val_accuracy: 0.8 },
      baseline: majority,
    });
    assert.deepEqual(metricRows(run), [
      { name: 'loss', value: 0.5, baseline: undefined },
      { name: 'accuracy', value: 0.9, baseline: 0.44 },
      { name: 'val_accuracy', value: 0.8, baseline: 0.44 },
    ]);
  });
});

describe('formatDuration', () => {
  for (const [seconds, expected] of [
    [0.0432, '0.043 sec'],
    [9.96, '10 sec'],
    [59.4, '59 sec'],
    [61, '1 min 1 sec'],
    [3599.6, '1 hr 0 min'],
    [7500, '2 hr 5 min'],
  ] as const) {
    it(`writes ${seconds} s as ${expected}`, () => {
      assert.equal(formatDuration(seconds, 'en'), expected);
    });
  }
});

describe('RunStore with runs on disk', () => {
  const saved = savedRun({
    directory: '/w/runs/a',
    checkpointStep: 4,
    step: 6,
    epochRecords: [epochRecord({ epoch: 1, step: 4 }), epochRecord({ epoch: 2, step: 6 })],
  });

  it('shows a finished run with all its steps and its verdict', () => {
    const store = new RunStore();
    store.show(saved);
    assert.equal(store.run?.state, 'completed');
    assert.equal(store.isActive, false);
    assert.equal(store.run.steps, 6);
    assert.equal(store.run.end?.verdict, saved.verdict);
  });

  it('shows an interrupted run as one that stands still', () => {
    const store = new RunStore();
    store.show({ ...saved, state: 'interrupted' });
    assert.equal(store.run?.state, 'interrupted');
    assert.equal(store.isActive, false);
  });

  for (const [when, early] of [
    ['after', false],
    ['before', true],
  ] as const) {
    it(`goes on from the checkpoint with its own id, where events come ${when} the answer`, () => {
      const store = new RunStore();
      const runId = '/w/runs/a' as RunId;
      const answer = () => store.prepared(runInfo({ runId, directory: '/w/runs/a' }));
      store.show(saved);
      store.beginAgain(saved);
      assert.equal(store.run?.state, 'preparing');
      if (!early) answer();
      store.onSteps({ runId, step: 5, loss: 9, seconds: 0 });
      store.onEpochs({ runId, records: [epochRecord({ epoch: 2, step: 8 })] });
      if (early) answer();
      assert.equal(store.run?.state, 'running');
      assert.deepEqual([store.run.steps, store.run.lastLoss], [5, 9]);
      assert.deepEqual(
        store.run.epochs.map(({ epoch }) => epoch),
        [1, 2],
      );
    });
  }
});
