import assert from 'node:assert/strict';
import {
  chartLines,
  chartsOf,
  isScheduled,
  smoothingOf,
} from '../../../../src/extension/plots/chartLines.ts';
import type { RunLines } from '../../../../src/extension/plots/chartLines.ts';
import { epochTable } from '../../../../src/extension/plots/epochTable.ts';
import { parseKeptPlot } from '../../../../src/extension/plots/keptPlot.ts';
import { PaceMeter } from '../../../../src/extension/plots/pace.ts';
import { runNames } from '../../../../src/extension/plots/runNames.ts';
import { defaultLook, hiddenKinds, parseLook } from '../../../../src/shared/plot/look.ts';
import { epochRecord } from '../../../kit/runEvents.ts';

function run(name: string, stepsPerEpoch = 48, metrics = ['accuracy']): RunLines {
  const names = ['loss', ...metrics];
  const file = (per: string, series: string) => `/${name}/${per}/${series}`;
  const series = [
    ...names.map((each) => ({ name: each, per: 'step', file: file('step', each) }) as const),
    ...[...names, ...names.map((each) => `val_${each}`), 'learning_rate'].map(
      (each) => ({ name: each, per: 'epoch', file: file('epoch', each) }) as const,
    ),
  ];
  return { directory: `/${name}`, name, state: 'completed', stepsPerEpoch, series, baseline: null };
}

describe('lines of a plot', () => {
  it('are a chart for the loss, for each metric of any run, and for the learning rate', () => {
    assert.deepEqual(chartsOf([]), []);
    assert.deepEqual(chartsOf([run('a'), run('b', 48, ['accuracy', 'f1'])]), [
      'loss',
      'accuracy',
      'f1',
      'learning_rate',
    ]);
  });

  it('lie so that an epoch ends where its last step does, on both axes', () => {
    for (const axis of ['step', 'epoch'] as const) {
      const look = { ...defaultLook, axis };
      const [step, training, validation] = chartLines([run('a', 48)], { chart: 'loss', look });
      const lastStep = step!.x.origin + 47 * step!.x.stride;
      assert.ok(Math.abs(lastStep - training!.x.origin) < 1e-12);
      assert.deepEqual(training!.x, validation!.x);
      assert.equal(training!.epochWidth, training!.x.stride);
      assert.match(validation!.file, /epoch\/val_loss$/);
    }
  });

  it('leave out hidden runs and kinds; many runs show one line each unless told', () => {
    const runs = Array.from({ length: 30 }, (_, i) => run(`r${i}`));
    const kinds = (look: Partial<typeof defaultLook>, of = runs) =>
      chartLines(of, { chart: 'loss', look: { ...defaultLook, ...look } }).map(({ kind }) => kind);
    assert.deepEqual([...new Set(kinds({}))], ['validation']);
    assert.equal(kinds({}).length, 30);
    assert.equal(kinds({ hiddenKinds: [] }).length, 90);
    assert.equal(kinds({ hiddenRuns: ['/r0', '/r1'] }).length, 28);
    assert.equal(kinds({}, runs.slice(0, 2)).length, 6);
    assert.deepEqual(hiddenKinds(defaultLook, 10), ['step']);
  });
});

describe('lines of the learning rate', () => {
  const chart = 'learning_rate';
  const path = '/s/step/learning_rate';
  const rates = { name: chart, per: 'step', file: path } as const;
  const scheduled = { ...run('s'), series: [...run('s').series, rates] };

  it('are of steps where a schedule changes it with them, else of epochs', () => {
    assert.deepEqual([isScheduled(scheduled), isScheduled(run('a'))], [true, false]);
    const lines = chartLines([scheduled, run('a')], { chart, look: defaultLook });
    assert.deepEqual(
      lines.map(({ run: of, kind }) => [of, kind]),
      [
        [0, 'step'],
        [0, 'training'],
        [1, 'training'],
      ],
    );
    assert.equal(lines[0]!.file, path);
  });

  it('are there when only those of validation are shown, and are never smoothed', () => {
    const look = { ...defaultLook, smoothing: 0.9, hiddenKinds: ['step', 'training'] as const };
    assert.equal(chartLines([scheduled], { chart, look }).length, 1);
    assert.deepEqual(
      [smoothingOf({ chart, look }), smoothingOf({ chart: 'loss', look })],
      [0, 0.9],
    );
  });
});

describe('names of runs', () => {
  it('are told apart by their folders, then by number', () => {
    const named = (directory: string, name: string) => ({ directory, name });
    assert.deepEqual(runNames([named('/r/1-a', 'a'), named('/r/2-b', 'b')]), ['a', 'b']);
    assert.deepEqual(runNames([named('/r/1-a', 'a'), named('/r/2-a', 'a')]), ['1-a', '2-a']);
    assert.deepEqual(runNames([named('/r/1-a', 'a'), named('/s/1-a', 'a')]), [
      '1-a (1)',
      '1-a (2)',
    ]);
  });
});

describe('pace', () => {
  const facts = { stepsPerEpoch: 100, epochs: 10, trainingRows: 2000 };

  it('is known from the second moment on, and says what is left', () => {
    const meter = new PaceMeter();
    assert.equal(meter.pace(facts), null);
    meter.add({ step: 100, seconds: 1 });
    assert.equal(meter.pace(facts), null);
    meter.add({ step: 200, seconds: 1.5 });
    assert.deepEqual(meter.pace(facts), {
      stepsPerSecond: 200,
      rowsPerSecond: 4000,
      secondsLeft: 4,
    });
    assert.equal(meter.pace({ ...facts, trainingRows: null })?.rowsPerSecond, null);
  });

  it('is that of the last seconds, and begins anew with steps that come again', () => {
    const meter = new PaceMeter();
    for (let second = 0; second <= 20; second++) meter.add({ step: second * 10, seconds: second });
    for (let second = 21; second <= 30; second++) {
      meter.add({ step: 200 + (second - 20) * 20, seconds: second });
    }
    assert.equal(meter.pace(facts)?.stepsPerSecond, 20);
    meter.add({ step: 50, seconds: 5 });
    assert.equal(meter.pace(facts), null);
  });
});

describe('table of epochs', () => {
  const record = (epoch: number) =>
    epochRecord({
      epoch,
      step: 4 * epoch,
      loss: 1 / epoch,
      val_loss: 2,
      metrics: { accuracy: 0.5 },
    });

  it('has all values of every epoch', () => {
    const table = epochTable([{ name: 'a', records: [record(1), record(2)] }]);
    const header = ['epoch', 'step', 'loss', 'val_loss', 'accuracy', 'learning_rate', 'seconds'];
    assert.deepEqual(table.header, header);
    assert.deepEqual(table.rows[1], [2, 8, 0.5, 2, 0.5, 0.001, 0.01]);
  });

  it('names the run where there are several, and leaves a gap for what one of them lacks', () => {
    const other = epochRecord({ metrics: { f1: 0.25 } });
    const table = epochTable([
      { name: 'a', records: [record(1)] },
      { name: 'b', records: [other] },
    ]);
    assert.deepEqual(table.header.slice(0, 7), [
      'run',
      'epoch',
      'step',
      'loss',
      'val_loss',
      'accuracy',
      'f1',
    ]);
    assert.deepEqual(table.rows[1]?.slice(0, 7), ['b', 1, 4, 1, null, null, 0.25]);
  });
});

describe('what a plot keeps', () => {
  it('comes back whole', () => {
    const look = { ...defaultLook, axis: 'step', log: true, smoothing: 0.5, hiddenRuns: ['/a'] };
    const kept = JSON.parse(
      JSON.stringify({ ...look, zoom: { first: 1, last: 2 }, hiddenKinds: ['step'] }),
    ) as unknown;
    assert.deepEqual(parseLook(kept), {
      ...look,
      zoom: { first: 1, last: 2 },
      hiddenKinds: ['step'],
    });
    const plot = { directory: '/a', others: ['/b', '/c'], look };
    assert.deepEqual(parseKeptPlot(plot), { directory: '/a', others: ['/b', '/c'] });
  });

  it('is taken part by part where another version kept something else', () => {
    const odd = {
      axis: 'time',
      log: 'yes',
      smoothing: 2,
      zoom: { first: 2, last: 1 },
      hiddenRuns: [1, '/a'],
      hiddenKinds: ['x'],
    };
    assert.deepEqual(parseLook(odd), { ...defaultLook, hiddenRuns: ['/a'], hiddenKinds: [] });
    for (const nothing of [null, undefined, 3, 'a', []]) {
      assert.deepEqual(parseLook(nothing), defaultLook);
      assert.equal(parseKeptPlot(nothing), null);
    }
    assert.deepEqual(parseKeptPlot({ directory: '/a', others: 7 }), {
      directory: '/a',
      others: [],
    });
  });
});
