/** Winograd's transforms along a line, on plain numbers: they are the sums that they stand for. */
import assert from 'node:assert/strict';
import {
  type Algebra,
  filterLine,
  inputLine,
  type Line,
  outputLine,
  slopesLine,
  sumsLine,
} from '../../../src/core/codegen/wasm/winogradLines.ts';

const numbers: Algebra<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, c) => a * c,
  madd: (a, c, b) => a * c + b,
  nmadd: (a, c, b) => b - a * c,
};

const along = (line: Line, values: readonly number[]): number[] =>
  line(numbers, values).map((make) => make());
const product = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => value * b[i]!);
const assertNear = (values: readonly number[], expected: readonly number[]): void => {
  assert.equal(values.length, expected.length);
  values.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-12));
};

const x = [0.3, -1.7, 2.2, 0.9, -0.4, 1.1];

describe('lines of Winograd transforms', () => {
  it('give four outputs of a filter of three', () => {
    const filter = [1.3, -0.6, 0.8];
    const places = product(along(filterLine, filter), along(inputLine, x));
    const outputs = [0, 1, 2, 3].map((i) =>
      filter.reduce((sum, tap, k) => sum + tap * x[i + k]!, 0),
    );
    assertNear(along(outputLine, places), outputs);
  });

  it('give the gradient of a filter of three from four slopes', () => {
    const slopes = [0.7, -1.2, 0.5, 2.1];
    const places = product(along(slopesLine, slopes), along(inputLine, x));
    const gradient = [0, 1, 2].map((k) =>
      slopes.reduce((sum, slope, i) => sum + slope * x[i + k]!, 0),
    );
    assertNear(along(sumsLine, places), gradient);
  });
});
