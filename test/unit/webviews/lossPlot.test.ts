import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LossPlotNews, LossPlotState } from '../../../src/shared/protocol/views/lossPlot.ts';
import { lossLines, metricLines } from '../../../webviews/lossPlot/charts.ts';
import { epochValues, joinSeries, levelLine, stepLoss } from '../../../webviews/lossPlot/series.ts';
import { fractionDone, metricNames, withNews } from '../../../webviews/lossPlot/state.ts';
import { lossRange } from '../../../webviews/lossPlot/valueRange.ts';
import { epochSentence, stateLine } from '../../../webviews/lossPlot/words.ts';
import { epochRecord } from '../../kit/runEvents.ts';

const texts = {
  baseline: 'Baseline',
  continue: 'Continue',
  epoch: 'Epoch',
  epochOf: 'Epoch {0} of {1}',
  epochSummary: 'Epoch {0} of {1}: training loss {2}',
  loss: 'Loss',
  metrics: 'Metrics',
  pause: 'Pause',
  predict: 'Predict',
  resume: 'Resume',
  'state.interrupted': 'Interrupted',
  'state.completed': 'Completed',
  'state.failed': 'Failed',
  'state.paused': 'Paused',
  'state.preparing': 'Preparing',
  'state.running': 'Training',
  'state.stopped': 'Stopped',
  stepOf: 'Step {0} of {1}',
  stop: 'Stop',
  training: 'Training',
  trainingLoss: 'Training loss',
  trainingLossPerStep: 'Training loss per step',
  validation: 'validation',
  validationLoss: 'Validation loss',
} satisfies LossPlotState['texts'];

function state(parts: Partial<LossPlotState>): LossPlotState {
  return {
    title: 'a',
    directory: null,
    state: 'running',
    progress: null,
    epochs: 10,
    stepsPerEpoch: 4,
    device: 'cpu',
    baseline: null,
    loss: new Float32Array(0),
    epochRecords: [],
    verdict: null,
    texts,
    ...parts,
  };
}

const colors = {
  foreground: 'f',
  muted: 'm',
  grid: 'g',
  training: 'blue',
  trainingFaint: 'faint',
  validation: 'yellow',
  baseline: 'grey',
  palette: ['red', 'green'],
};

describe('loss per step', () => {
  it('lies at the share of the epoch that is done', () => {
    const points = stepLoss(state({ loss: Float32Array.of(4, 3, 2, 1) }), 100);
    assert.deepEqual(points, { x: [0.25, 0.5, 0.75, 1], y: [4, 3, 2, 1] });
  });

  it('keeps minimum, maximum and the last value of every run when thinned', () => {
    const anyLoss = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 500,
    });
    fc.assert(
      fc.property(anyLoss, fc.integer({ min: 1, max: 40 }), (values, pixels) => {
        const loss = Float32Array.from(values);
        const { x, y } = stepLoss(state({ loss }), pixels);
        assert.ok(y.length <= 3 * pixels, `${y.length} points on ${pixels} pixels`);
        assert.equal(y.at(-1), loss.at(-1));
        assert.equal(Math.min(...y.map(Number)), Math.min(...loss));
        assert.equal(Math.max(...y.map(Number)), Math.max(...loss));
        assert.ok(x.every((at, i) => i === 0 || at > x[i - 1]!));
      }),
    );
  });

  it('shows a NaN as a gap, also when thinned', () => {
    const loss = new Float32Array(1000).fill(1);
    loss[501] = Number.NaN;
    assert.ok(stepLoss(state({ loss }), 10).y.includes(null));
    assert.deepEqual(stepLoss(state({ loss: Float32Array.of(1, Infinity) }), 10).y, [1, null]);
  });
});

describe('columns of a chart', () => {
  it('joins series over all x and tells "no point here" from a gap', () => {
    const records = [
      epochRecord({ epoch: 1, loss: 2.5 }),
      epochRecord({ epoch: 2, loss: Number.NaN }),
    ];
    const steps = { x: [0.5, 1, 1.5, 2], y: [4, 3, 2, 1] };
    const joined = joinSeries([steps, epochValues(records, (r) => r.loss, 100), levelLine(0.4, 2)]);
    assert.deepEqual(joined, [
      [0, 0.5, 1, 1.5, 2],
      [undefined, 4, 3, 2, 1],
      [undefined, undefined, 2.5, undefined, null],
      [0.4, undefined, undefined, undefined, 0.4],
    ]);
  });

  it('has a validation line exactly when there is a validation loss', () => {
    const without = state({ epochRecords: [epochRecord({})] });
    const having = state({ epochRecords: [epochRecord({ val_loss: 1 })] });
    assert.equal(lossLines(without, colors).length, 2);
    assert.equal(lossLines(having, colors)[2]?.spec.label, 'Validation loss');
  });

  it('draws each metric beside its baseline, whichever name the core gives that', () => {
    const records = [epochRecord({ metrics: { accuracy: 0.5, val_accuracy: 0.4 } })];
    for (const name of ['accuracy', 'val_accuracy']) {
      const baseline = { kind: 'majority', metrics: { [name]: 0.44 }, guess: '0' } as const;
      const lines = metricLines(state({ epochRecords: records, baseline }), colors);
      assert.deepEqual(
        lines.map(({ spec }) => spec.label),
        ['accuracy', 'accuracy (validation)', 'Baseline: accuracy'],
      );
      assert.deepEqual(lines[2]?.points(100).y, [0.44, 0.44]);
    }
  });

  it('gives several metrics a colour each', () => {
    const records = [epochRecord({ metrics: { mae: 1, r2: 0.5 } })];
    const lines = metricLines(state({ epochRecords: records }), colors);
    assert.deepEqual(
      lines.map(({ spec }) => spec.color),
      ['red', 'green'],
    );
  });
});

const news = (firstStep: number, ...loss: number[]): LossPlotNews => ({
  state: 'running',
  verdict: null,
  progress: null,
  firstStep,
  loss: Float32Array.from(loss),
  epochRecords: [],
});

describe('loss axis', () => {
  const range = (steps: readonly number[], ...epochs: number[]) => {
    const epochRecords = epochs.map((loss, i) => epochRecord({ epoch: i + 1, loss }));
    return lossRange(state({ loss: Float32Array.from(steps), epochRecords }));
  };
  const between = (actual: readonly [number, number] | null, from: number, to: number) => {
    assert.ok(actual);
    assert.ok(Math.abs(actual[0] - from) < 1e-5 && Math.abs(actual[1] - to) < 1e-5, String(actual));
  };

  it('starts at zero and leaves out a wild first step among many', () => {
    between(range([50, ...new Array<number>(199).fill(1)], 0.5), 0, 1.05);
  });

  it('holds every epoch', () => between(range([1, 0.5], 8), 0, 8.4));

  it('zooms to losses far from zero, and below it', () => {
    between(range([10, 9]), 8.5, 10.5);
    between(range([-4, 2]), -4.2, 2.2);
  });

  it('has room around a single value and around zero', () => {
    between(range([2]), 1.9, 2.1);
    between(range([0]), 0, 0.05);
  });

  it('ignores what is not finite, and says so when nothing is', () => {
    between(range([Number.NaN, 4, 1, Infinity]), 0, 4.2);
    assert.equal(range([Number.NaN], Number.NaN), null);
  });
});

describe('state of the plot', () => {
  it('appends steps, marks unseen ones, replaces repeated ones', () => {
    const one = withNews(state({}), news(0, 1, 2));
    const two = withNews(one, news(3, 4));
    assert.deepEqual([...two.loss], [1, 2, Number.NaN, 4]);
    assert.deepEqual([...withNews(two, news(1, 9)).loss], [1, 9]);
    assert.deepEqual([...withNews(two, news(4)).loss], [...two.loss]);
  });

  it('appends epochs and takes over state and verdict', () => {
    const epochRecords = [epochRecord({ epoch: 1 })];
    const next = withNews(state({}), { ...news(0), epochRecords, state: 'failed', verdict: 'no' });
    assert.deepEqual([next.epochRecords.length, next.state, next.verdict], [1, 'failed', 'no']);
  });

  it('knows what share of the run is done', () => {
    assert.equal(fractionDone(state({ loss: new Float32Array(10) })), 0.25);
    assert.equal(fractionDone(state({ epochs: 0, stepsPerEpoch: 0 })), null);
    const progress = { message: 'reading', fraction: 0.5 };
    assert.equal(fractionDone(state({ state: 'preparing', progress })), 0.5);
  });

  it('lists metrics without their validation twins', () => {
    const metrics = { accuracy: 1, val_accuracy: 1, top_k: 1 };
    assert.deepEqual(metricNames(state({ epochRecords: [epochRecord({ metrics })] })), [
      'accuracy',
      'top_k',
    ]);
  });
});

describe('words of the plot', () => {
  it('says state, epoch, step, loss and device', () => {
    const now = state({
      loss: Float32Array.of(1, 0.5, 0.25, 0.125, 0.0625),
      epochRecords: [epochRecord({})],
    });
    assert.deepEqual(stateLine(now, 'en'), [
      'Training',
      'Epoch 1 of 10',
      'Step 5 of 40',
      'Loss 0.0625',
      'cpu',
    ]);
  });

  it('says what a run prepares', () => {
    const progress = { message: 'reading penguins.csv', fraction: null };
    assert.deepEqual(stateLine(state({ state: 'preparing', progress }), 'en'), [
      'reading penguins.csv',
    ]);
  });

  it('says an epoch in one sentence with every metric', () => {
    const record = epochRecord({
      epoch: 3,
      loss: 0.5,
      val_loss: 0.6,
      metrics: { val_accuracy: 0.9 },
    });
    assert.equal(
      epochSentence(state({}), record, 'en'),
      'Epoch 3 of 10: training loss 0.5, Validation loss 0.6, accuracy (validation) 0.9',
    );
  });
});
