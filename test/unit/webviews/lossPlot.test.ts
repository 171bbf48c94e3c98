import assert from 'node:assert/strict';
import fc from 'fast-check';
import { paintPicture } from '../../../src/shared/plot/picture.ts';
import type { LossPlotState, PlotStatus } from '../../../src/shared/protocol/views/lossPlot.ts';
import {
  frameOf,
  pixelOfX,
  xOfPixel,
  yOfPixel,
  pixelOfY,
} from '../../../webviews/lossPlot/frame.ts';
import { latest } from '../../../webviews/lossPlot/latest.ts';
import { onAxis, orWhole, panned, zoomed } from '../../../webviews/lossPlot/ranges.ts';
import { linearTicks, logTicks, tickText } from '../../../webviews/lossPlot/ticks.ts';
import { epochSentence, fractionDone, stateLine } from '../../../webviews/lossPlot/words.ts';

/** Every text says its own name, and has room for values. */
const texts = new Proxy({} as LossPlotState['texts'], {
  get: (_, name) => `${String(name)} {0} {1} {2}`,
});

function status(parts: Partial<PlotStatus>): PlotStatus {
  return {
    state: 'running',
    progress: null,
    verdict: null,
    epochs: 10,
    stepsPerEpoch: 4,
    device: 'cpu',
    step: 0,
    loss: null,
    epoch: null,
    pace: null,
    seconds: null,
    isDoubtful: false,
    steerable: true,
    ...parts,
  };
}

function state(parts: Partial<PlotStatus>, runs = 1): LossPlotState {
  const named = Array.from({ length: runs }, (_, i) => ({ directory: `/${i}`, name: `run ${i}` }));
  return {
    title: 'a',
    runs: named,
    scheduled: false,
    charts: ['loss'],
    status: status(parts),
    texts,
  };
}

const range = fc
  .tuple(
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  )
  .map(([first, width]) => ({ first, last: first + width }));

describe('ranges of the x axis', () => {
  it('stay where the mouse is when zoomed, and come back', () => {
    fc.assert(
      fc.property(range, fc.double({ min: 0, max: 1, noNaN: true }), (whole, part) => {
        const at = whole.first + part * (whole.last - whole.first);
        const near = zoomed(whole, at, 0.5);
        assert.ok(Math.abs(near.last - near.first - (whole.last - whole.first) / 2) < 1e-9);
        assert.ok(near.first <= at && at <= near.last);
        const back = zoomed(near, at, 2);
        assert.ok(Math.abs(back.first - whole.first) < 1e-6, JSON.stringify([whole, back]));
      }),
    );
  });

  it('do not become narrower than numbers are exact', () => {
    let now = { first: 1000, last: 1001 };
    for (let i = 0; i < 200; i++) now = zoomed(now, 1000.5, 0.5);
    assert.ok(now.last > now.first);
  });

  it('are everything again when they show everything, and do not leave what there is', () => {
    const whole = { first: 1, last: 101 };
    assert.equal(orWhole({ first: 0, last: 150 }, whole), null);
    assert.equal(orWhole(whole, whole), null);
    assert.deepEqual(orWhole({ first: -9, last: 11 }, whole), { first: 1, last: 21 });
    assert.deepEqual(orWhole({ first: 91, last: 111 }, whole), { first: 81, last: 101 });
    assert.deepEqual(orWhole({ first: 5, last: 6 }, null), { first: 5, last: 6 });
  });

  it('move by parts of their width, and change their axis', () => {
    assert.deepEqual(panned({ first: 0, last: 10 }, 0.5), { first: 5, last: 15 });
    assert.deepEqual(onAxis({ first: 1, last: 2 }, 48), { first: 48, last: 96 });
  });
});

describe('ticks', () => {
  it('lie at round numbers within the range, not too many, evenly', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 20 }), ({ first: low, last: high }, most) => {
        const { values, step } = linearTicks({ low, high, most });
        assert.ok(values.length <= most + 1, `${values.length} ticks, at most ${most}`);
        for (const [i, value] of values.entries()) {
          assert.ok(value >= low - 1e-6 * step && value <= high + 1e-6 * step);
          if (i > 0) assert.ok(Math.abs(value - values[i - 1]! - step) < 1e-6 * step);
        }
        const leading = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
        assert.ok(
          [1, 2, 5].some((round) => Math.abs(leading - round) < 1e-6),
          `step ${step}`,
        );
      }),
    );
  });

  it('are whole where steps are counted', () => {
    assert.deepEqual(linearTicks({ low: 1, high: 3, most: 10, least: 1 }).values, [1, 2, 3]);
  });

  it('are powers of ten on a logarithmic axis, and others where it is short', () => {
    const wide = logTicks({ low: 1e-6, high: 1e3, most: 5 });
    assert.ok(wide.values.every((value) => Number.isInteger(Math.log10(value))));
    assert.ok(wide.values.length >= 2 && wide.values.length <= 6);
    assert.deepEqual(logTicks({ low: 0.05, high: 3, most: 8 }).values, [0.05, 0.1, 0.2, 0.5, 1, 2]);
    assert.ok(logTicks({ low: 2.1, high: 2.9, most: 5 }).values.length >= 2);
  });

  it('say as many digits as tell them apart', () => {
    const ticks = linearTicks({ low: 0, high: 0.5, most: 5 });
    assert.deepEqual(
      ticks.values.map((value) => tickText(value, ticks, 'en')),
      ['0', '0.1', '0.2', '0.3', '0.4', '0.5'],
    );
    assert.equal(tickText(1e-9, { values: [], step: 1e-9 }, 'en'), '1.00e-9');
  });
});

describe('frame of a chart', () => {
  const frame = frameOf(900, 300, 1.5);

  it('has whole pixels of the device', () => {
    for (const value of Object.values(frameOf(901.3, 333.7, 1.25))) {
      assert.ok(Number.isInteger(value) || value === 1.25, String(value));
    }
  });

  it('maps x and values to pixels and back', () => {
    fc.assert(
      fc.property(range, fc.boolean(), ({ first, last }, log) => {
        const edges = { first, last };
        for (const x of [first, last, (first + last) / 2]) {
          const back = xOfPixel(frame, edges, pixelOfX(frame, edges, x));
          assert.ok(Math.abs(back - x) < 1e-9 * Math.max(1, Math.abs(x)) + 1e-9 * (last - first));
        }
        const scale = { low: 0.5, high: 8, rows: frame.rows, log };
        for (const value of [0.5, 2, 8]) {
          const back = yOfPixel(frame, scale, pixelOfY(frame, scale, value));
          assert.ok(Math.abs(back - value) < 1e-9);
        }
      }),
    );
  });
});

describe('painting', () => {
  it('gives every pixel the colour of its layer', () => {
    const runs = Uint16Array.of(1, 0, 2, 1, 3, 2, 2, 0, 1, 1);
    const palette = Uint32Array.of(0, 11, 22);
    const pixels = new Uint32Array(9).fill(7);
    paintPicture({ columns: 3, rows: 3, along: 'columns', runs }, palette, pixels);
    assert.deepEqual([...pixels], [0, 22, 0, 11, 22, 0, 11, 22, 11]);
    pixels.fill(7);
    paintPicture({ columns: 3, rows: 3, along: 'rows', runs }, palette, pixels);
    assert.deepEqual([...pixels], [0, 11, 11, 22, 22, 22, 0, 0, 11]);
  });
});

describe('latest wish', () => {
  it('does one at a time, and once more for all that was asked meanwhile', async () => {
    const finish: (() => void)[] = [];
    let running = 0;
    const ask = latest(async () => {
      running++;
      assert.equal(running, 1);
      await new Promise<void>((resolve) => finish.push(resolve));
      running--;
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    ask();
    ask();
    ask();
    await settle();
    assert.equal(finish.length, 1);
    finish[0]!();
    await settle();
    assert.equal(finish.length, 2);
    finish[1]!();
    await settle();
    assert.equal(finish.length, 2);
    ask();
    assert.equal(finish.length, 3);
  });
});

describe('words of the plot', () => {
  it('says state, epoch, step, loss, pace and device', () => {
    const pace = { stepsPerSecond: 1234, rowsPerSecond: 24_680, secondsLeft: 90 };
    const epoch = { epoch: 1, values: {} };
    const line = stateLine(state({ step: 5, loss: 0.0625, epoch, pace }), 'en');
    assert.deepEqual(
      line.map((text) => text.replace(/ (\{\d\} ?)+$/, '').replace(/ \{\d\} \{\d\} \{\d\}/, '')),
      [
        'state.running',
        'epochOf 1 10',
        'stepOf 5 40',
        'stepLoss 0.0625',
        'pace 1,230',
        'rowsPerSecond 24,700',
        'remaining 1 min 30 sec',
        'cpu',
      ],
    );
  });

  it('says a loss that is not a number, and how many runs there are', () => {
    const line = stateLine(state({ loss: 'NaN' }, 3), 'en');
    assert.match(line.join('; '), /^runs 3.*stepLoss NaN/);
  });

  it('says of a run that is complete before its last epoch that a callback ended it', () => {
    const at = (epoch: number) =>
      stateLine(state({ state: 'completed', epoch: { epoch, values: {} } }), 'en')[0];
    assert.match(at(7) ?? '', /^state\.completedEarly/);
    assert.match(at(10) ?? '', /^state\.completed /);
  });

  it('says what a run prepares', () => {
    const progress = { message: 'reading penguins.csv', fraction: null };
    assert.deepEqual(stateLine(state({ state: 'preparing', progress }), 'en'), [
      'reading penguins.csv',
    ]);
  });

  it('knows what share of the run is done', () => {
    assert.equal(fractionDone(status({ step: 10 })), 0.25);
    assert.equal(fractionDone(status({ epochs: 0, stepsPerEpoch: 0 })), null);
    const progress = { message: 'reading', fraction: 0.5 };
    assert.equal(fractionDone(status({ state: 'preparing', progress })), 0.5);
  });

  it('says an epoch in one sentence with every metric', () => {
    const epoch = { epoch: 3, values: { loss: 0.5, val_loss: 'NaN', val_accuracy: 0.9 } };
    assert.equal(
      epochSentence(epoch, state({}), 'en'),
      'epochSummary 3 10 0.5, validationLoss {0} {1} {2} NaN, accuracy (validation {0} {1} {2}) 0.9',
    );
  });
});
