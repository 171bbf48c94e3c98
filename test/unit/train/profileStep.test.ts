import assert from 'node:assert/strict';
import { joinBlocks } from '../../../src/core/train/profile/profileStep.ts';

describe('the kernels of a profile', () => {
  const kernel = (layer: string, milliseconds: number, rows: number) => ({
    ops: ['conv2d', 'add'],
    shape: [rows, 3],
    form: 'tiled',
    origins: [{ layer, pass: 'forward' as const }],
    operations: 10 * rows,
    bytes: rows,
    milliseconds,
  });

  it('of equal blocks of the batch are one, with what they take together', () => {
    const kernels = [
      kernel('first', 1, 32),
      kernel('second', 2, 32),
      kernel('first', 3, 32),
      kernel('second', 4, 32),
      kernel('first', 5, 8),
    ];
    const of = joinBlocks(kernels).map(({ origins, shape, operations, bytes, milliseconds }) => {
      return [origins[0]!.layer, shape[0], operations, bytes, milliseconds];
    });
    assert.deepEqual(of, [
      ['first', 32, 640, 64, 4],
      ['second', 32, 640, 64, 6],
      ['first', 8, 80, 8, 5],
    ]);
  });
});
