import assert from 'node:assert/strict';
import {
  cellOf,
  cornerOf,
  placeAt,
  placeOfCell,
  placeOfUnit,
  tilingOf,
  unitOf,
} from '../../../webviews/explain/mapTiles.ts';
import { tensorStatistics } from '../../../src/core/tensors/statistics.ts';
import type { FeatureMaps } from '../../../src/shared/protocol/explainStep.ts';

function mapsOf(size: Omit<FeatureMaps, 'values' | 'statistics'>): FeatureMaps {
  const values = new Float32Array(1);
  return { ...size, values, statistics: tensorStatistics(values) };
}

describe('feature maps side by side', () => {
  const maps = mapsOf({ height: 15, width: 10, channels: 7, shown: 7, block: 1 });
  const tiling = tilingOf(maps, 150);

  it('fill the room they have, with gaps between them', () => {
    // 62 pixels over 15 values: 4 each, so a map is 40 x 60, with a gap of 6 between two.
    assert.deepEqual(tiling, {
      rows: 15,
      columns: 10,
      size: 4,
      across: 3,
      down: 3,
      width: 132,
      height: 192,
    });
    assert.deepEqual(cornerOf(tiling, 4), { x: 46, y: 66 });
  });

  it('draw a value of a large map no smaller than 2 pixels', () => {
    for (const side of [16, 32, 64]) {
      const large = mapsOf({ height: side, width: side, channels: 8, shown: 8, block: 1 });
      const { across, size, width } = tilingOf(large, 600);
      assert.equal(size, side === 16 ? 3 : 2);
      assert.ok(width <= 600 && width === across * (side * size + 6) - 6);
    }
  });

  it('know the value under a point, and what is a gap or beyond the last', () => {
    assert.deepEqual(placeAt(tiling, 7, 46 + 9, 66 + 3), { map: 4, row: 0, column: 2 });
    assert.equal(placeAt(tiling, 7, 42, 5), null);
    assert.equal(placeAt(tiling, 7, 5, 62), null);
    assert.equal(placeAt(tiling, 7, 60, 140), null);
    assert.equal(placeAt(tiling, 7, 135, 5), null);
  });

  it('are one grid for the keyboard', () => {
    for (const place of [
      { map: 0, row: 0, column: 0 },
      { map: 5, row: 14, column: 9 },
    ]) {
      assert.deepEqual(placeOfCell(tiling, 7, cellOf(tiling, place)), place);
    }
    assert.equal(placeOfCell(tiling, 7, { row: 40, column: 12 }), null);
  });

  it('name the outputs of the layer, of a block the first', () => {
    assert.equal(unitOf(maps, { map: 4, row: 2, column: 3 }), (2 * 10 + 3) * 7 + 4);
    assert.deepEqual(placeOfUnit(maps, (2 * 10 + 3) * 7 + 4), { map: 4, row: 2, column: 3 });
    const large = mapsOf({ height: 130, width: 100, channels: 90, shown: 64, block: 3 });
    assert.equal(unitOf(large, { map: 5, row: 2, column: 3 }), (6 * 100 + 9) * 90 + 5);
    assert.deepEqual(placeOfUnit(large, (7 * 100 + 11) * 90 + 5), { map: 5, row: 2, column: 3 });
    assert.equal(placeOfUnit(large, 70), null);
  });
});
