import assert from 'node:assert/strict';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import { statusBarView } from '../../../src/extension/ui/statusBarView.ts';
import { fillIn } from '../../../src/shared/numberFormat.ts';
import type { RunId } from '../../../src/shared/protocol/core.ts';
import { epochRecord, runEnd, runInfo } from '../../kit/runEvents.ts';

const runId = 'run' as RunId;
const loss = (value: number) => ({ runId, step: 1, loss: value, seconds: 0 });
const progress = (message: string, fraction: number | null) => ({
  file: '/w/a',
  message,
  fraction,
});

/** Each case drives a store that has begun a run; the text is what the bar then says. */
const cases: readonly (readonly [string, (store: RunStore) => void, string])[] = [
  ['preparing', () => undefined, '$(loading~spin) a: preparing'],
  [
    'a download without a known size',
    (store) => store.onProgress(progress('downloading a.csv', null)),
    '$(loading~spin) a: downloading a.csv',
  ],
  [
    'a download',
    (store) => store.onProgress(progress('downloading a.csv', 0.25)),
    '$(loading~spin) a: downloading a.csv 25%',
  ],
  [
    'running before the first step',
    (store) => store.prepared(runInfo({})),
    '$(sync~spin) a: training',
  ],
  [
    'the first step',
    (store) => {
      store.prepared(runInfo({}));
      store.onSteps(loss(1.09861));
    },
    '$(sync~spin) a: loss 1.099',
  ],
  [
    'an epoch with validation',
    (store) => {
      store.prepared(runInfo({}));
      store.onSteps(loss(0.9));
      store.onEpochs({ runId, records: [epochRecord({ epoch: 2, loss: 0.5, val_loss: 0.6 })] });
    },
    '$(sync~spin) a: epoch 2/10, loss 0.5, validation loss 0.6',
  ],
  [
    'a pause',
    (store) => {
      store.prepared(runInfo({}));
      store.onSteps(loss(0.7));
      store.onState({ runId, state: 'paused', step: 1 });
    },
    '$(debug-pause) a: paused, loss 0.7',
  ],
  [
    'the end',
    (store) => {
      store.prepared(runInfo({}));
      store.onEpochs({ runId, records: [epochRecord({ epoch: 10, loss: 0.00001234 })] });
      store.onEnd({ runId, end: runEnd({}) });
    },
    '$(check) a: loss 1.23e-5',
  ],
  [
    'a loss that is no number',
    (store) => {
      store.prepared(runInfo({}));
      store.onSteps(loss(Number.NaN));
    },
    '$(sync~spin) a: loss NaN',
  ],
  [
    'a core that is gone',
    (store) => {
      store.prepared(runInfo({}));
      store.onSteps(loss(0.7));
      store.lost('no');
    },
    '$(warning) a: interrupted, loss 0.7',
  ],
  ['a failure', (store) => store.failed('no'), '$(error) a: failed'],
];

describe('statusBarView', () => {
  for (const [name, drive, expected] of cases) {
    it(`shows ${name}`, () => {
      const store = new RunStore();
      store.begin('/w/a.train.yaml', 'a');
      drive(store);
      const view = statusBarView(store.run!, fillIn, 'en');
      assert.equal(view.text, expected);
      assert.equal(view.failed, expected.includes('$(error)'));
      assert.ok(!view.accessibleText.includes('$('));
    });
  }

  it('writes numbers as the language does', () => {
    const store = new RunStore();
    store.begin('/w/a.train.yaml', 'a');
    store.prepared(runInfo({}));
    store.onSteps(loss(1.25));
    assert.equal(statusBarView(store.run!, fillIn, 'es').text, '$(sync~spin) a: loss 1,25');
  });

  it('tells the verdict, the device, and why device auto took it', () => {
    const store = new RunStore();
    store.begin('/w/a.train.yaml', 'a');
    assert.deepEqual(statusBarView(store.run!, fillIn, 'en').facts, []);
    const reason = 'H200: 0.3 ms a step; EPYC: 4.5 ms a step';
    const choice = { device: 'webgpu', reason, measured: [] } as const;
    store.prepared(runInfo({ backend: 'webgpu', device: 'H200, WebGPU', choice }));
    const device = ['H200, WebGPU (webgpu)', `Device auto: ${reason}`];
    assert.deepEqual(statusBarView(store.run!, fillIn, 'en').facts, device);
    store.onEnd({ runId, end: runEnd({ verdict: '19 of 20 right' }) });
    const over = statusBarView(store.run!, fillIn, 'en').facts;
    assert.deepEqual(over, ['19 of 20 right', ...device]);
  });
});
