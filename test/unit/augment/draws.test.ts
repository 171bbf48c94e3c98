import assert from 'node:assert/strict';
import { createAugmentation } from '../../../src/core/augment/augmentation.ts';
import { allRows, drawNumbers } from '../../../src/core/augment/draws.ts';
import { augmentationSchema } from '../../../src/shared/model/augmentation.ts';
import {
  augment,
  drawCount,
  shapeAfter,
  withoutChance,
} from '../../../src/core/augment/augmentation.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate } from '../../kit/evaluate.ts';

describe('the numbers that augmentation draws', () => {
  it('depend on seed, epoch and row alone, not on who else is asked for', () => {
    const at = { seed: 3, epoch: 2, count: 5 };
    const all = drawNumbers(allRows(100), at);
    const some = drawNumbers([7, 99, 0], at);
    assert.deepEqual(some.slice(0, 5), all.slice(35, 40));
    assert.deepEqual(some.slice(5, 10), all.slice(495));
    assert.deepEqual(some.slice(10), all.slice(0, 5));
    for (const other of [
      { ...at, seed: 4 },
      { ...at, epoch: 1 },
    ]) {
      assert.notDeepEqual(drawNumbers([7], other), some.slice(0, 5));
    }
  });

  it('are uniform in 0 <= u < 1 and independent of each other', () => {
    const count = 4;
    const values = drawNumbers(allRows(20_000), { seed: 1, epoch: 0, count });
    assert.ok(values.every((u) => u >= 0 && u < 1));
    const column = (c: number) => values.filter((_, i) => i % count === c);
    for (let c = 0; c < count; c++) {
      const own = column(c);
      const mean = own.reduce((a, b) => a + b) / own.length;
      // Four deviations of the mean: sqrt(1 / 12 / 20,000) each.
      assert.ok(Math.abs(mean - 0.5) < 0.0082, String(mean));
      const tenths = new Array<number>(10).fill(0);
      for (const u of own) tenths[Math.floor(u * 10)]! += 1;
      assert.ok(
        tenths.every((n) => Math.abs(n - 2000) < 4 * Math.sqrt(1800)),
        String(tenths),
      );
      const next = column((c + 1) % count);
      const product = own.reduce((sum, u, i) => sum + (u - 0.5) * (next[i]! - 0.5), 0);
      assert.ok(Math.abs(product / own.length / (1 / 12)) < 4 / Math.sqrt(own.length));
    }
  });
});

describe('transforms over many draws', () => {
  it('stay in their ranges, and reach their ends', async () => {
    const rows = 4000;
    const schema = augmentationSchema();
    const configs = schema.parse([
      { type: 'RandomBrightness', factor: [-0.2, 0.1], value_range: [-10, 10] },
    ]);
    const augmentation = createAugmentation(configs, [1, 1, 1]);
    const draws = drawNumbers(allRows(rows), { seed: 9, epoch: 0, count: 1 });
    const inputs = {
      x: { shape: [rows, 1, 1, 1], values: new Array<number>(rows).fill(0) },
      draws: { shape: [rows, 1], values: [...draws] },
    };
    const { y } = await evaluate(inputs, (b, nodes) => ({
      y: augment(b, nodes['x']!, { augmentation, draws: nodes['draws']! }),
    }));
    assert.ok(y!.every((shift) => shift >= -4 && shift < 2));
    assert.ok(Math.min(...y!) < -3.98 && Math.max(...y!) > 1.98);
  });

  it('flip about half of the images, and take every piece of a crop alike often', async () => {
    const rows = 6000;
    const x = Array.from({ length: rows }, () => [1, 2, 3]).flat();
    const tally = async (config: unknown): Promise<Record<string, number>> => {
      const augmentation = createAugmentation(augmentationSchema().parse([config]), [1, 3, 1]);
      const count = drawCount(augmentation);
      const draws = drawNumbers(allRows(rows), { seed: 2, epoch: 1, count });
      const inputs = {
        x: { shape: [rows, 1, 3, 1], values: x },
        draws: { shape: [rows, count], values: [...draws] },
      };
      const { y } = await evaluate(inputs, (b, nodes) => ({
        y: augment(b, nodes['x']!, { augmentation, draws: nodes['draws']! }),
      }));
      const width = y!.length / rows;
      const counts: Record<string, number> = {};
      for (let row = 0; row < rows; row++) {
        const key = y!.slice(row * width, (row + 1) * width).join('');
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return counts;
    };
    const flipped = await tally({ type: 'RandomFlip', mode: 'horizontal' });
    assert.deepEqual(Object.keys(flipped).sort(), ['123', '321']);
    assert.ok(Math.abs(flipped['321']! - 3000) < 4 * Math.sqrt(1500));
    const cropped = await tally({ type: 'RandomCrop', height: 1, width: 1 });
    assert.deepEqual(Object.keys(cropped).sort(), ['1', '2', '3']);
    for (const count of Object.values(cropped)) {
      assert.ok(Math.abs(count - 2000) < 4 * Math.sqrt(1333), String(count));
    }
  });

  it('leave a crop where nothing is random: the middle piece of its aspect, resized', async () => {
    const parsed = augmentationSchema().parse([
      'RandomFlip',
      { type: 'RandomCrop', height: 2, width: 1 },
    ]);
    const augmentation = createAugmentation(parsed, [4, 6, 1]);
    assert.deepEqual(shapeAfter(augmentation, [4, 6, 1]), [2, 1, 1]);
    const values = Array.from({ length: 24 }, (_, i) => i);
    const inputs = { x: { shape: [1, 4, 6, 1], values } };
    const { y } = await evaluate(inputs, (b, nodes) => ({
      y: withoutChance(b, nodes['x']!, augmentation),
    }));
    // Four rows and the two columns 2 and 3; halved, each pixel is the mean of four.
    assertClose(y!, [(2 + 3 + 8 + 9) / 4, (14 + 15 + 20 + 21) / 4], { relative: 1e-12 });
  });
});
