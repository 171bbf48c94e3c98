import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { resize } from '../../../../src/core/data/images/resize.ts';
import { pythonHas, runPython } from '../../../kit/python.ts';
import { temporaryFolder } from '../../../kit/temporaryFolder.ts';

const script = `
import json, sys, torch
def resized(case):
  h, w, c = case["from"]
  x = torch.tensor(case["pixels"], dtype=torch.float64).reshape(1, h, w, c).permute(0, 3, 1, 2)
  y = torch.nn.functional.interpolate(x, size=tuple(case["to"]), mode="bilinear", align_corners=False)
  return y.permute(0, 2, 3, 1).flatten().tolist()
print(json.dumps([resized(case) for case in json.load(open(sys.argv[1]))]))
`;

function pixelsOf(height: number, width: number, channels: number): Uint8Array {
  const count = height * width * channels;
  return Uint8Array.from({ length: count }, (_, i) => (i * 97 + (i >> 2) * 31) % 256);
}

describe('resize', () => {
  const folder = temporaryFolder();
  const sizes: readonly [from: [number, number, number], to: [number, number]][] = [
    [
      [1, 1, 1],
      [3, 2],
    ],
    [
      [5, 7, 3],
      [5, 3],
    ],
    [
      [5, 7, 3],
      [11, 13],
    ],
    [
      [28, 28, 1],
      [9, 31],
    ],
    [
      [2, 9, 3],
      [1, 1],
    ],
  ];

  it('leaves an image of the right size alone', () => {
    const image = { height: 2, width: 1, channels: 1, pixels: Uint8Array.of(3, 4) };
    assert.equal(resize(image, 2, 1), image);
  });

  /** Of all sizes at once: starting PyTorch takes longer than all of them. */
  let expected: readonly (readonly number[])[] | null = null;
  function torchSays(): readonly (readonly number[])[] {
    const [code, input] = ['resize.py', 'cases.json'].map((name) => path.join(folder(), name));
    writeFileSync(code!, script);
    const cases = sizes.map(([from, to]) => ({ from, to, pixels: [...pixelsOf(...from)] }));
    writeFileSync(input!, JSON.stringify(cases));
    return JSON.parse(runPython(code!, [input!])) as number[][];
  }

  for (const [at, [[height, width, channels], to]] of sizes.entries()) {
    it(`is that of PyTorch: ${height} x ${width} x ${channels} to ${to.join(' x ')}`, function () {
      if (!pythonHas('torch')) this.skip();
      this.timeout(60_000);
      const pixels = pixelsOf(height, width, channels);
      const made = resize({ height, width, channels, pixels }, ...to).pixels;
      expected ??= torchSays();
      assert.equal(made.length, expected[at]!.length);
      // Ours are rounded to bytes.
      expected[at]!.forEach((value, i) =>
        assert.ok(Math.abs(made[i]! - value) <= 0.5 + 1e-9, `at ${i}`),
      );
    });
  }
});
