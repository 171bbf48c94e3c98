import assert from 'node:assert/strict';
import type { TensorSummary } from '../../../src/shared/protocol/core.ts';
import {
  filterBank,
  filterBox,
  filterColor,
  filterPixel,
} from '../../../webviews/weights/filters.ts';

const colors = {
  negative: [0, 0, 255],
  zero: [0, 0, 0],
  positive: [255, 0, 0],
  nan: [1, 2, 3],
} as const;

function kernel(shape: readonly number[], layer = 'Conv2D', name = 'c/kernel'): TensorSummary {
  return { name, layer, shape, trainable: true };
}

describe('the filters of a kernel', () => {
  it('are images in the first convolution of colour or grey images, else seen by channel', () => {
    assert.equal(filterBank(kernel([3, 3, 3, 8]), true)?.mode, 'rgb');
    assert.equal(filterBank(kernel([3, 3, 1, 8]), true)?.mode, 'grey');
    assert.equal(filterBank(kernel([3, 3, 4, 8]), true)?.mode, 'channel');
    assert.equal(filterBank(kernel([3, 3, 3, 8]), false)?.mode, 'channel');
  });

  it('are not there in a dense layer, nor where a filter is a single value', () => {
    assert.equal(filterBank(kernel([3, 8], 'Dense'), true), null);
    assert.equal(filterBank(kernel([1, 1, 3, 8]), true), null);
  });

  it('are counted by the last axis, but for transposed and depthwise convolutions', () => {
    const of = (tensor: TensorSummary) => {
      const { filters, channels } = filterBank(tensor, false)!;
      return [filters, channels];
    };
    assert.deepEqual(of(kernel([3, 3, 5, 8])), [8, 5]);
    assert.deepEqual(of(kernel([3, 3, 5, 8], 'Conv2DTranspose')), [5, 8]);
    const depthwise = kernel([3, 3, 5, 2], 'SeparableConv2D', 'c/depthwise_kernel');
    assert.deepEqual(of(depthwise), [5, 2]);
  });

  it('have each value of the kernel in its place, whichever window is on show', () => {
    const [height, width, channels, filters] = [2, 3, 3, 70] as const;
    const valueAt = (y: number, x: number, c: number, f: number) => 1000 * f + 100 * y + 10 * x + c;
    const bank = filterBank(kernel([height, width, channels, filters]), true)!;
    for (const first of [0, 64]) {
      const box = filterBox(bank, { first, channel: 0 });
      assert.deepEqual(box, { row: 0, column: first, rows: 18, columns: first === 0 ? 64 : 6 });
      const values = Float32Array.from({ length: box.rows * box.columns }, (_, i) => {
        const row = Math.floor(i / box.columns);
        const place = Math.floor(row / channels);
        const [y, x] = [Math.floor(place / width), place % width];
        return valueAt(y, x, row % channels, box.column + (i % box.columns));
      });
      const at = { first, channel: 0, filter: first + 5, row: 1, column: 2 };
      const expected = [0, 1, 2].map((c) => valueAt(1, 2, c, first + 5));
      assert.deepEqual(filterPixel(bank, values, at), expected);
    }
  });

  it('of a transposed convolution too', () => {
    const bank = filterBank(kernel([2, 2, 3, 4], 'Conv2DTranspose'), false)!;
    assert.deepEqual(filterBox(bank, { first: 0, channel: 2 }), {
      row: 0,
      column: 2,
      rows: 12,
      columns: 1,
    });
    const values = Float32Array.from({ length: 12 }, (_, row) => row);
    const at = { first: 0, channel: 2, filter: 1, row: 1, column: 0 };
    assert.deepEqual(filterPixel(bank, values, at), [2 * 3 + 1]);
  });

  it('are grey in the middle at 0, black and full light at the limits', () => {
    assert.deepEqual(filterColor('rgb', [-2, 0, 2], 2, colors), [0, 128, 255]);
    assert.deepEqual(filterColor('grey', [1], 2, colors), [191, 191, 191]);
    assert.deepEqual(filterColor('channel', [-2], 2, colors), [0, 0, 255]);
    assert.deepEqual(filterColor('rgb', [0, NaN, 0], 2, colors), [1, 2, 3]);
  });
});
