import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { encodeColumn } from '../../../src/core/runs/columnFile.ts';
import { Memory } from '../../../src/plotData/memory.ts';
import { PlotData } from '../../../src/plotData/plotData.ts';
import { Raster, plainLine } from '../../../src/plotData/raster.ts';
import { Sheets, type Sheet } from '../../../src/plotData/sheets.ts';
import { paintPicture, type Picture } from '../../../src/shared/plot/picture.ts';
import type { ValueScale } from '../../../src/shared/plot/valueScale.ts';
import { plainPlaces, seriesValues } from '../../kit/plotSeries.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const folder = temporaryFolder();
const columns = 90;
const styles = [
  plainLine,
  { width: 2, dash: null, dot: 5, dotted: 40 },
  { width: 3, dash: { on: 8, off: 4 }, dot: 0, dotted: Infinity },
];

/** What the lines of some values are on one plot; also those that are broken. */
async function linesOf(all: readonly Float32Array[], log: boolean) {
  const series = all.map((values, i) => {
    const file = path.join(folder(), `${i}.f32`);
    const header = { format: 'f32le', series: 'loss', first: 0 } as const;
    writeFileSync(file, encodeColumn({ header, values }));
    return { file, smoothing: 0, x: plainPlaces };
  });
  const edges = { first: 0, last: 40, low: null, high: null };
  const wish = { series, ...edges, columns, rows: 50, log };
  const { scale, series: answers } = await new PlotData().query(wish);
  return { scale, lines: answers.map((one) => ('columns' in one ? one.columns : null)) };
}

function pixelsOf(picture: Picture): Uint32Array {
  const pixels = new Uint32Array(picture.columns * picture.rows);
  const palette = Uint32Array.from({ length: 99 }, (_, i) => i);
  paintPicture(picture, palette, pixels);
  return pixels;
}

/** Line after line, the raised ones last. */
function drawInOrder(
  sheets: readonly Sheet[],
  scale: ValueScale,
  raised: ReadonlySet<number>,
): Picture {
  const raster = new Raster(columns, scale);
  const all = sheets.flatMap(({ lines, style }) => lines.map((line) => ({ line, style })));
  for (const isRaised of [false, true]) {
    for (const [i, { line, style }] of all.entries()) {
      if (raised.has(i) === isRaised && line !== null) raster.draw(i + 1, line, style);
    }
  }
  return raster.picture();
}

/** Some of the lines in some order, in sheets of some styles; and which are raised. */
const anyPlot = fc.record({
  sheets: fc.array(
    fc.record({
      lines: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
      style: fc.constantFrom(...styles),
    }),
    { maxLength: 4 },
  ),
  raised: fc.array(fc.nat({ max: 11 }), { maxLength: 2 }),
});

describe('sheets of lines', () => {
  it('have the very pixels of line after line, however often and in whatever order they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(seriesValues, { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        fc.array(anyPlot, { minLength: 1, maxLength: 6 }),
        async (all, log, plots) => {
          const { scale, lines } = await linesOf(all, log);
          const drawn = new Sheets(new Memory(200e6));
          for (const plot of plots) {
            const sheets = plot.sheets.map(({ lines: places, style }) => ({
              lines: places.map((place) => lines[place]!),
              style,
            }));
            const raised = new Set(plot.raised);
            const picture = await drawn.picture(sheets, { columns, scale, raised });
            const expected = drawInOrder(sheets, scale, raised);
            assert.deepEqual(pixelsOf(picture), pixelsOf(expected));
          }
        },
      ),
      { numRuns: 100, seed: 5 },
    );
  });

  it('are drawn again on another scale, of another size and in another style', async () => {
    const { scale, lines } = await linesOf([Float32Array.of(3, 1, 2, 5)], false);
    const sheets = new Sheets(new Memory(200e6));
    const sheet = { lines, style: plainLine };
    const wish = { columns, scale, raised: new Set<number>() };
    const asked: (readonly [Sheet, typeof wish])[] = [
      [sheet, wish],
      [sheet, { ...wish, scale: { ...scale, high: 9 } }],
      [sheet, { ...wish, scale: { ...scale, rows: 60 } }],
      [{ ...sheet, style: styles[1]! }, wish],
      [sheet, wish],
    ];
    const drawn: number[] = [];
    for (const [one, how] of asked) {
      await sheets.picture([one], how);
      drawn.push(sheets.linesDrawn);
    }
    assert.deepEqual(drawn, [1, 2, 3, 4, 4]);
  });
});
