import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { ChartDrawer } from '../../../../src/extension/plots/chartDrawer.ts';
import type { RunLines } from '../../../../src/extension/plots/chartLines.ts';
import { crosshairAt } from '../../../../src/extension/plots/crosshair.ts';
import { encodeColumn } from '../../../../src/core/runs/columnFile.ts';
import { PlotData } from '../../../../src/plotData/plotData.ts';
import { defaultLook } from '../../../../src/shared/plot/look.ts';
import type { PlotLook } from '../../../../src/shared/plot/look.ts';
import { paintPicture } from '../../../../src/shared/plot/picture.ts';
import type { ChartDrawing, DrawWish } from '../../../../src/shared/protocol/views/lossPlot.ts';
import { drawEveryPoint } from '../../../kit/drawEveryPoint.ts';
import { randomFrom, seriesValues } from '../../../kit/plotSeries.ts';
import { temporaryFolder } from '../../../kit/temporaryFolder.ts';
import { mkdirSync, writeFileSync } from 'node:fs';

const folder = temporaryFolder();

type Values = Readonly<Record<string, Float32Array>>;

/** Names as `step/loss`, `epoch/val_loss`. */
function writeRun(name: string, stepsPerEpoch: number, values: Values): RunLines {
  const directory = path.join(folder(), name);
  const series = Object.entries(values).map(([key, column]) => {
    const [per, series] = key.split('/') as ['step' | 'epoch', string];
    const file = path.join(directory, per, `${series}.f32`);
    mkdirSync(path.dirname(file), { recursive: true });
    const header = { format: 'f32le', series, first: 0 } as const;
    writeFileSync(file, encodeColumn({ header, values: column }));
    return { name: series, per, file };
  });
  return { directory, name, state: 'completed', stepsPerEpoch, series, baseline: null };
}

function wishOf(look: Partial<PlotLook>, parts: Partial<DrawWish> = {}): DrawWish {
  const whole = { ...defaultLook, ...look };
  return {
    chart: 'loss',
    look: whole,
    columns: 160,
    rows: 70,
    lineWidth: 2,
    raised: null,
    ...parts,
  };
}

/** With all its lines. */
async function draw(runs: readonly RunLines[], wish: DrawWish): Promise<ChartDrawing> {
  const drawer = new ChartDrawer();
  const options = { data: new PlotData(), runs, version: 0 };
  let drawing = await drawer.draw(wish, options);
  while (drawing?.isPartial === true) drawing = await drawer.draw(wish, options);
  assert.ok(drawing !== null);
  return drawing;
}

/** Layer i + 1 of the picture is line i. */
function linesOf({ lines }: ChartDrawing) {
  return lines.flatMap(({ kind, faint, runs }) =>
    Array.from(runs, (run) => ({ run, kind, faint })),
  );
}

/** The layer on top of each pixel, as the view would see it. */
function layersAt({ picture }: ChartDrawing, lines: number): Uint32Array {
  const palette = Uint32Array.from({ length: lines + 1 }, (_, i) => i);
  const pixels = new Uint32Array(picture.columns * picture.rows).fill(9999);
  paintPicture(picture, palette, pixels);
  return pixels;
}

const anyLook = fc.record({
  axis: fc.constantFrom('step', 'epoch'),
  log: fc.boolean(),
  zoom: fc.option(
    fc
      .tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
      )
      .map(([first, width]) => ({ first, width })),
  ),
});

describe('drawing of a chart', () => {
  it('crosses to the view with the very pixels of every point of every run on top of those below', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Of fewer steps dots are drawn, which no line touches.
        fc.array(
          seriesValues.filter(({ length }) => length > 12),
          { minLength: 1, maxLength: 3 },
        ),
        fc.integer({ min: 1, max: 60 }),
        anyLook,
        async (all, stepsPerEpoch, { axis, log, zoom }) => {
          const runs = all.map((values, i) =>
            writeRun(`run${i}`, stepsPerEpoch, { 'step/loss': values }),
          );
          const length = axis === 'step' ? all[0]!.length : all[0]!.length / stepsPerEpoch;
          const part =
            zoom === null
              ? null
              : {
                  first: zoom.first * length,
                  last: zoom.first * length + zoom.width * (length + 1),
                };
          const wish = wishOf({ axis, log, zoom: part, hiddenKinds: [] });
          const drawing = await draw(runs, wish);
          const { first, last, scale } = drawing;
          const stride = axis === 'step' ? 1 : 1 / stepsPerEpoch;
          const x = { origin: stride, stride };
          const view = { first, last, columns: wish.columns, x };
          const expected = new Uint32Array(wish.columns * wish.rows);
          for (const [i, values] of all.entries()) {
            const { pixels } = drawEveryPoint(values, view, scale);
            for (const [at, filled] of pixels.entries()) if (filled === 1) expected[at] = i + 1;
          }
          assert.deepEqual(layersAt(drawing, all.length), expected);
        },
      ),
      { numRuns: 100, seed: 3 },
    );
  });

  const random = randomFrom(4);
  const noisy = Float32Array.from({ length: 480 }, (_, i) => Math.exp(-i / 100) + random() / 10);
  const epochs = Float32Array.from({ length: 10 }, (_, i) => Math.exp(-i / 2));

  it('has values of steps faint below those of epochs, and validation last', async () => {
    const values = { 'step/loss': noisy, 'epoch/loss': epochs, 'epoch/val_loss': epochs };
    const drawing = await draw([writeRun('a', 48, values)], wishOf({}));
    assert.deepEqual(linesOf(drawing), [
      { run: 0, kind: 'step', faint: true },
      { run: 0, kind: 'training', faint: false },
      { run: 0, kind: 'validation', faint: false },
    ]);
    assert.equal(drawing.points, 480 + 10 + 10);
  });

  it('marks the steps of a run that has few, and of one step all that there is', async () => {
    const dot = 5; // two line widths and one
    const pixelsOf = async (steps: number) => {
      const values = Float32Array.from({ length: steps }, () => 1);
      const drawing = await draw(
        [writeRun(`steps${steps}`, 48, { 'step/loss': values })],
        wishOf({}),
      );
      return layersAt(drawing, 1).reduce((sum, layer) => sum + Math.min(layer, 1), 0);
    };
    assert.equal(await pixelsOf(1), dot * dot);
    // A level line of all 160 columns; the dots at its ends lie half beyond the plot.
    assert.equal(await pixelsOf(3), 160 + (dot + 2 * 3) * (dot - 1));
    assert.equal(await pixelsOf(13), 160);
  });

  it('draws the average over the values, which then are faint', async () => {
    const run = writeRun('a', 48, { 'step/loss': noisy });
    const plain = await draw([run], wishOf({}));
    const smoothed = await draw([run], wishOf({ smoothing: 0.9 }));
    assert.deepEqual(linesOf(plain), [{ run: 0, kind: 'step', faint: false }]);
    assert.deepEqual(
      smoothed.lines.map(({ faint }) => faint),
      [true, false],
    );
  });

  it('shows zero at the bottom, all later steps, and marks what runs out of the top', async () => {
    const wild = noisy.slice();
    wild[0] = 50;
    wild[300] = 4;
    const run = writeRun('a', 48, { 'step/loss': wild, 'epoch/loss': epochs });
    const { scale, cutColumns } = await draw([run], wishOf({}));
    assert.equal(scale.low, 0);
    assert.ok(scale.high > 4 && scale.high < 5, `up to ${scale.high}`);
    assert.deepEqual(cutColumns, [0]);
    const zoomed = await draw([run], wishOf({ zoom: { first: 0, last: 2 } }));
    assert.ok(zoomed.scale.high >= 50, 'a part shows all that it has');
    assert.deepEqual(zoomed.cutColumns, []);
  });

  it('says where a line breaks, and which file cannot be read', async () => {
    const broken = noisy.slice();
    broken.fill(NaN, 240);
    const good = writeRun('good', 48, { 'step/loss': noisy });
    const bad = writeRun('bad', 48, { 'step/loss': broken });
    writeFileSync(good.series[0]!.file, 'x'.repeat(300));
    const drawing = await draw([good, bad], wishOf({ axis: 'step' }));
    assert.deepEqual(drawing.broken, { run: 1, x: 241, value: 'NaN' });
    assert.ok(drawing.brokenColumns.length > 60);
    assert.match(drawing.problems.join(), /good.*loss\.f32/);
  });

  it('holds the baseline of a metric, and leaves out what is hidden', async () => {
    const run = {
      ...writeRun('a', 48, { 'epoch/accuracy': Float32Array.of(0.8, 0.9) }),
      baseline: { kind: 'majority', metrics: { accuracy: 0.4, correct: 4, total: 10 }, guess: 'b' },
    } as const;
    const other = writeRun('b', 48, { 'epoch/accuracy': Float32Array.of(0.1, 0.2) });
    const wish = wishOf({ hiddenRuns: [other.directory] }, { chart: 'accuracy' });
    const drawing = await draw([run, other], wish);
    assert.deepEqual(drawing.baselines, [0.4]);
    assert.ok(drawing.scale.low <= 0.4);
    assert.equal(linesOf(drawing).length, 1);
    const drawer = new ChartDrawer();
    const options = { data: new PlotData(), runs: [run], version: 0 };
    assert.equal(await drawer.draw({ ...wish, chart: 'nothing' }, options), null);
  });

  it('hides a run without looking at the points of the others again', async () => {
    const runs = ['a', 'b', 'c'].map((name) => writeRun(name, 48, { 'step/loss': noisy }));
    const data = new PlotData();
    const drawer = new ChartDrawer();
    const options = { data, runs, version: 0 };
    const zoom = { first: 1, last: 9 };
    const all = await drawer.draw(wishOf({ zoom }), options);
    const { pointsScanned } = data.work;
    assert.ok(pointsScanned >= 3 * 380, `${pointsScanned} points`);
    const hidden = wishOf({ zoom, hiddenRuns: [runs[1]!.directory] });
    const others = await drawer.draw(hidden, options);
    assert.deepEqual([data.work.pointsScanned, linesOf(others!).length], [pointsScanned, 2]);
    const fresh = await draw(runs, hidden);
    assert.deepEqual(layersAt(others!, 2), layersAt(fresh, 2));
    // Another scale or part is looked at.
    await drawer.draw(wishOf({ zoom, log: true }), options);
    assert.ok(data.work.pointsScanned > pointsScanned);
    assert.equal(linesOf(all!).length, 3);
  });

  it('comes back to a part, scale or axis without looking at the points again', async () => {
    const runs = ['a', 'b', 'c'].map((name) => writeRun(name, 48, { 'step/loss': noisy }));
    const data = new PlotData();
    const drawer = new ChartDrawer();
    const options = { data, runs, version: 0 };
    const looks = [{}, { log: true }, { zoom: { first: 1, last: 9 } }, { axis: 'step' }] as const;
    for (const look of looks) await drawer.draw(wishOf(look), options);
    const { pointsScanned } = data.work;
    for (const look of looks) {
      const again = await drawer.draw(wishOf(look), options);
      assert.equal(data.work.pointsScanned, pointsScanned, JSON.stringify(look));
      assert.deepEqual(again, await draw(runs, wishOf(look)));
    }
  });

  it('shows what is read of many files, and all of them in the end, on one axis', async () => {
    const random = randomFrom(9);
    const epochs = (length: number) => Float32Array.from({ length }, random);
    const runs = Array.from({ length: 40 }, (_, i) =>
      writeRun(`run${i}`, 48, { 'epoch/loss': epochs(5 + i), 'epoch/accuracy': epochs(5 + i) }),
    );
    writeFileSync(runs[20]!.series[0]!.file, 'x'.repeat(300));
    class SlowDisk extends PlotData {
      override open(files: readonly string[]): Promise<number> {
        return super.open(files, 0);
      }
    }
    const options = { data: new SlowDisk(), runs, version: 0 };
    const drawer = new ChartDrawer();
    for (const chart of ['loss', 'accuracy']) {
      const wish = wishOf({ hiddenKinds: [] }, { chart });
      const whole = await draw(runs, wish);
      const seen: number[] = [];
      let drawing = await drawer.draw(wish, options);
      for (; drawing!.isPartial; drawing = await drawer.draw(wish, options)) {
        seen.push(linesOf(drawing!).length);
      }
      assert.deepEqual(seen, [16, 32], chart);
      assert.deepEqual(drawing, whole);
    }
  });

  it('raises a run without asking the engine again', async () => {
    const runs = ['a', 'b'].map((name) => writeRun(name, 48, { 'step/loss': noisy }));
    const data = new PlotData();
    const drawer = new ChartDrawer();
    const below = await drawer.draw(wishOf({}), { data, runs, version: 0 });
    const { summariesVisited, pointsScanned } = data.work;
    const wish = wishOf({}, { raised: runs[0]!.directory });
    const raised = await drawer.draw(wish, { data, runs, version: 0 });
    assert.deepEqual(
      [data.work.summariesVisited, data.work.pointsScanned],
      [summariesVisited, pointsScanned],
    );
    assert.deepEqual(raised!.lines, below!.lines);
    assert.equal(data.sheets.linesDrawn, 2 + 1, 'only the raised one is drawn again');
    // Both are the same line: the one on top hides the other.
    const seen = [below!, raised!].map((drawing) => new Set(layersAt(drawing, 2)));
    assert.deepEqual(seen, [new Set([0, 2]), new Set([0, 1])]);
  });

  it('draws only the lines of a kind that was not shown, and those of another smoothing', async () => {
    const values = { 'step/loss': noisy, 'epoch/loss': epochs, 'epoch/val_loss': epochs };
    const runs = ['a', 'b', 'c'].map((name) => writeRun(name, 48, values));
    const drawer = new ChartDrawer();
    const options = { data: new PlotData(), runs, version: 0 };
    const drawn: number[] = [];
    const looks: readonly Partial<PlotLook>[] = [
      { hiddenKinds: ['step'] },
      { hiddenKinds: ['step', 'training'] },
      { hiddenKinds: ['step'] },
      { hiddenKinds: ['step', 'training'], smoothing: 0.5 },
      { hiddenKinds: ['step', 'training'], smoothing: 0.7 },
      { hiddenKinds: ['step', 'training'], smoothing: 0.5 },
    ];
    for (const look of looks) {
      const before = options.data.sheets.linesDrawn;
      const wish = wishOf({ zoom: { first: 1, last: 9 }, ...look });
      const drawing = await drawer.draw(wish, options);
      drawn.push(options.data.sheets.linesDrawn - before);
      assert.deepEqual(drawing, await draw(runs, wish));
    }
    assert.deepEqual(drawn, [6, 0, 0, 6, 3, 0]);
  });
});

describe('crosshair', () => {
  it('names the nearest points with their exact values, and counts the others', async () => {
    const data = new PlotData();
    const runs = Array.from({ length: 30 }, (_, i) =>
      writeRun(`run${i}`, 4, { 'step/loss': Float32Array.of(i, i + 100, NaN) }),
    );
    const look = { ...defaultLook, axis: 'step', hiddenKinds: [] } as const;
    const wish = { chart: 'loss', look, x: 2.2, y: 117.4, most: 3 };
    const { values, more } = await crosshairAt(wish, data, runs);
    assert.deepEqual(
      values.map(({ run, x, value }) => [run, x, value]),
      [
        [17, 2, 117],
        [18, 2, 118],
        [16, 2, 116],
      ],
    );
    assert.equal(more, 27);
    const end = await crosshairAt({ ...wish, x: 99, y: null }, data, runs);
    assert.deepEqual([end.values[0]?.value, end.values[0]?.x], ['NaN', 3]);
  });
});
