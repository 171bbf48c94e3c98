import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeColumn } from '../../../src/core/runs/columnFile.ts';
import { PlotData } from '../../../src/plotData/plotData.ts';
import { plainLine } from '../../../src/plotData/raster.ts';
import { plainPlaces, randomFrom } from '../../kit/plotSeries.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const folder = temporaryFolder();

function writeSeries(values: Float32Array, name = 'loss'): string {
  const file = path.join(folder(), `${name}.f32`);
  writeFileSync(
    file,
    encodeColumn({ header: { format: 'f32le', series: name, first: 0 }, values }),
  );
  return file;
}

describe('limits of the plot data', () => {
  it('counts what was drawn under its memory cap', async () => {
    const memoryCap = 16e6 + 1e6;
    const data = new PlotData({ memoryCap });
    const file = writeSeries(Float32Array.from({ length: 1000 }, randomFrom(1)));
    const series = [{ file, smoothing: 0, x: plainPlaces }];
    const query = { series, columns: 200, rows: 100, log: false, low: null, high: null };
    for (let last = 1; last < 300; last++) {
      const { scale, series: answers } = await data.query({ ...query, first: 0, last });
      const lines = answers.map((answer) => ('columns' in answer ? answer.columns : null));
      const before = data.bytes;
      const wish = { columns: query.columns, scale, raised: new Set<number>() };
      await data.sheets.picture([{ lines, style: plainLine }], wish);
      // Two bytes a pixel, with a row above and one below the plot.
      if (last === 1) assert.equal(data.bytes - before, 2 * query.columns * (query.rows + 2));
      assert.ok(data.bytes <= memoryCap, `${data.bytes} bytes`);
    }
    assert.equal(data.sheets.linesDrawn, 299);
  });

  it('opens files in their order for as long as it may', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `run${i}`);
    const files = names.map((name, i) => writeSeries(Float32Array.of(i), name));
    const data = new PlotData();
    const missing = path.join(folder(), 'missing.f32');
    assert.equal(await data.open([missing, ...files], 0), 16);
    assert.equal(data.work.bytesRead, 15 * 4);
    assert.equal(await data.open(files, Infinity), 40);
    assert.equal(data.work.bytesRead, 40 * 4);
  });
});
