import assert from 'node:assert/strict';
import type { WeightsTile } from '../../../src/shared/protocol/weights.ts';
import { moveCursor } from '../../../webviews/kit/moveCursor.ts';
import { cellName, gridOf } from '../../../webviews/weights/grid.ts';
import { momentAt, positionOf } from '../../../webviews/weights/moments.ts';
import { colorOf, limitOf, pixelsOf } from '../../../webviews/kit/scale.ts';
import type { ScaleColors } from '../../../webviews/kit/scale.ts';

const statistics = { count: 6, zeros: 0, nan: 0, infinite: 0, finite: null };

function tile(parts: Partial<WeightsTile>): WeightsTile {
  return {
    step: 0,
    shape: [2, 3],
    box: { row: 0, column: 0, rows: 2, columns: 3 },
    block: { rows: 1, columns: 1 },
    rows: 2,
    columns: 3,
    values: Float32Array.of(1, 2, 3, 4, 5, 6),
    min: null,
    max: null,
    statistics,
    ...parts,
  };
}

describe('the grid of a tensor', () => {
  it('is as it came in the layout of Keras', () => {
    const grid = gridOf(tile({}), 'keras');
    assert.deepEqual([grid.rows, grid.columns, ...grid.values], [2, 3, 1, 2, 3, 4, 5, 6]);
  });

  it('is turned in the layout of PyTorch, its place and blocks too', () => {
    const box = { row: 4, column: 8, rows: 4, columns: 6 };
    const blocks = { box, block: { rows: 2, columns: 2 }, min: Float32Array.of(0, 1, 2, 3, 4, 5) };
    const grid = gridOf(tile(blocks), 'pytorch');
    assert.deepEqual([grid.rows, grid.columns, ...grid.values], [3, 2, 1, 4, 2, 5, 3, 6]);
    assert.deepEqual([...grid.min!], [0, 3, 1, 4, 2, 5]);
    assert.deepEqual(grid.first, { row: 8, column: 4 });
    assert.equal(cellName(grid, 2, 1, false), '[12–13, 6–7]');
  });

  it('of a vector is the same in both', () => {
    const vector = tile({ shape: [3], rows: 1, values: Float32Array.of(7, 8, 9) });
    assert.deepEqual(gridOf(vector, 'pytorch'), gridOf(vector, 'keras'));
    assert.equal(cellName(gridOf(vector, 'keras'), 0, 2, true), '[2]');
  });

  it('names single values, and of the last block only what is there', () => {
    const grid = gridOf(tile({}), 'keras');
    assert.equal(cellName(grid, 1, 2, false), '[1, 2]');
    const box = { row: 0, column: 0, rows: 3, columns: 5 };
    const blocks = gridOf(tile({ box, block: { rows: 2, columns: 2 } }), 'keras');
    assert.equal(cellName(blocks, 1, 2, false), '[2, 4]');
    assert.equal(cellName(blocks, 0, 1, false), '[0–1, 2–3]');
  });

  const keys: readonly [string, number, number][] = [
    ['ArrowLeft', 1, 0],
    ['ArrowRight', 1, 2],
    ['ArrowUp', 0, 1],
    ['ArrowDown', 1, 1],
    ['Home', 1, 0],
    ['End', 1, 2],
  ];
  for (const [key, row, column] of keys) {
    it(`is walked with ${key}, never out of it`, () => {
      assert.deepEqual(moveCursor(key, { row: 1, column: 1 }, { rows: 2, columns: 3 }), {
        row,
        column,
      });
    });
  }

  it('leaves other keys to the page', () => {
    assert.equal(moveCursor('Tab', { row: 0, column: 0 }, { rows: 2, columns: 3 }), null);
  });
});

describe('the colour of a weight', () => {
  const colors: ScaleColors = {
    negative: [0, 0, 255],
    zero: [0, 0, 0],
    positive: [255, 0, 0],
    nan: [9, 9, 9],
  };
  const cases: readonly [number, number, readonly number[]][] = [
    [0, 2, [0, 0, 0]],
    [2, 2, [255, 0, 0]],
    [-2, 2, [0, 0, 255]],
    [1, 2, [128, 0, 0]],
    [Infinity, 2, [255, 0, 0]],
    [-Infinity, 2, [0, 0, 255]],
    [NaN, 2, [9, 9, 9]],
    [0, 0, [0, 0, 0]],
    [Infinity, 0, [255, 0, 0]],
  ];
  for (const [value, limit, expected] of cases) {
    it(`of ${value} where the largest is ${limit} is ${expected.join(' ')}`, () => {
      assert.deepEqual(colorOf(value, limit, colors), expected);
    });
  }

  it('fills a pixel of the picture', () => {
    assert.deepEqual(
      [...pixelsOf(Float32Array.of(2, NaN), 2, colors)],
      [255, 0, 0, 255, 9, 9, 9, 255],
    );
  });

  it('is measured by the largest size, and by nothing where nothing is finite', () => {
    assert.equal(limitOf({ min: -3, max: 2 }), 3);
    assert.equal(limitOf(null), 0);
  });
});

describe('the slider over the moments of a run', () => {
  const snapshots = [0, 48, 96].map((step) => ({ step, epoch: step / 48 }));

  it('has the snapshots in order and the latest at its end', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((position) => momentAt(position, { snapshots })),
      [0, 48, 96, null],
    );
    assert.deepEqual(
      [0, 48, 96, null].map((moment) => positionOf(moment, { snapshots })),
      [0, 1, 2, 3],
    );
  });

  it('goes to the next snapshot where one is no longer kept', () => {
    assert.equal(positionOf(24, { snapshots }), 1);
    assert.equal(positionOf(97, { snapshots }), 3);
    assert.equal(positionOf(97, { snapshots: [] }), 0);
  });
});
