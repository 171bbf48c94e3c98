import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeColumn, encodeColumn, headerBytes } from '../../../src/core/runs/columnFile.ts';
import { decodeLines, encodeLine } from '../../../src/core/runs/jsonLines.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/runs/safetensors.ts';
import { numberFromJson, stringifyNumbers } from '../../../src/shared/jsonNumbers.ts';
import { tensor } from '../../kit/runFixture.ts';

const odd = Float32Array.of(0, -0, 1.5, -3e38, 1e-45, NaN, Infinity, -Infinity);

describe('JSON numbers', () => {
  it('writes NaN and infinities as strings', () => {
    const value = { a: NaN, b: [Infinity, -Infinity, 0.1], c: 'text', d: null };
    const text = '{"a":"NaN","b":["Infinity","-Infinity",0.1],"c":"text","d":null}';
    assert.equal(stringifyNumbers(value), text);
  });

  it('reads every float64 back exactly, and leaves other text alone', () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        const back = numberFromJson(JSON.parse(stringifyNumbers(x)));
        assert.ok(back === x || Object.is(back, x));
      }),
    );
    for (const other of ['nan', '', 'toString', null]) assert.equal(numberFromJson(other), other);
  });
});

describe('column files', () => {
  const bytes = encodeColumn({
    header: { format: 'f32le', series: 'loss', first: 7 },
    values: odd,
  });

  it('begin with a line of JSON, then hold little-endian float32', () => {
    const line = Buffer.from(bytes.subarray(0, headerBytes)).toString();
    assert.equal(line.at(-1), '\n');
    assert.deepEqual(JSON.parse(line), { format: 'f32le', series: 'loss', first: 7 });
    assert.deepEqual([...bytes.subarray(headerBytes + 8, headerBytes + 12)], [0, 0, 0xc0, 0x3f]);
    assert.deepEqual(decodeColumn(bytes).values, odd);
  });

  for (const torn of [1, 2, 3]) {
    it(`drop a torn tail of ${torn} bytes`, () => {
      const cut = bytes.subarray(0, bytes.length - 4 + torn);
      assert.deepEqual(decodeColumn(cut).values, odd.subarray(0, 7));
    });
  }

  it('refuse a damaged header', () => {
    assert.throws(() => decodeColumn(new Uint8Array(headerBytes + 4)));
  });
});

describe('JSON Lines', () => {
  const values = [{ loss: 'NaN', text: 'ä' }, { loss: 0.5 }];
  const bytes = Buffer.from(values.map(encodeLine).join(''));

  it('come back as they were, with the end of each', () => {
    const lines = decodeLines(bytes);
    assert.deepEqual(lines.values, values);
    assert.equal(lines.ends.at(-1), bytes.length);
  });

  it('lose only the torn last line wherever it was cut', () => {
    const first = decodeLines(bytes).ends[0]!;
    for (let length = first; length < bytes.length; length++) {
      assert.deepEqual(decodeLines(bytes.subarray(0, length)).values, values.slice(0, 1));
    }
  });

  it('end at a line of zeros, which a power loss may leave', () => {
    const zeros = Buffer.concat([bytes, Buffer.alloc(5), Buffer.from('\n{"loss":1}\n')]);
    assert.deepEqual(decodeLines(zeros).values, values);
  });
});

describe('safetensors', () => {
  const tensors = [
    tensor('fc1/kernel', [...odd], [2, 4]),
    { name: 'order', dtype: 'i32' as const, shape: [3], values: Int32Array.of(1, -2, 3) },
    { name: 'pixels', dtype: 'u8' as const, shape: [1, 2], values: Uint8Array.of(0, 255) },
    tensor('scalar', [4], []),
    tensor('empty', [], [0, 3]),
  ];
  const bytes = encodeSafetensors({ tensors, metadata: { layout: '[in, out]' } });

  it('have the header of the specification: length, JSON, offsets', () => {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    assert.equal(length % 8, 0);
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as unknown;
    assert.deepEqual(header, {
      __metadata__: { layout: '[in, out]' },
      'fc1/kernel': { dtype: 'F32', shape: [2, 4], data_offsets: [0, 32] },
      order: { dtype: 'I32', shape: [3], data_offsets: [32, 44] },
      pixels: { dtype: 'U8', shape: [1, 2], data_offsets: [44, 46] },
      scalar: { dtype: 'F32', shape: [], data_offsets: [46, 50] },
      empty: { dtype: 'F32', shape: [0, 3], data_offsets: [50, 50] },
    });
    assert.equal(bytes.length, 8 + length + 50);
  });

  it('come back bit for bit', () => {
    const back = decodeSafetensors(bytes, 'x');
    assert.deepEqual(back, { tensors, metadata: { layout: '[in, out]' } });
  });

  it('are refused when cut anywhere', () => {
    for (let length = 0; length < bytes.length; length += 7) {
      const cut = bytes.slice(0, length);
      assert.throws(() => decodeSafetensors(cut, 'w.safetensors'), { code: 'run.corrupt' });
    }
  });
});
