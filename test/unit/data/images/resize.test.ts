import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { resize } from '../../../../src/core/data/images/resize.ts';
import { pythonHas, runPython } from '../../../kit/python.ts';
import { temporaryFolder } from '../../../kit/temporaryFolder.ts';

const script = `
import json, sys, torch
case = json.load(open(sys.argv[1]))
h, w, c = case["from"]
x = torch.tensor(case["pixels"], dtype=torch.float64).reshape(1, h, w, c).permute(0, 3, 1, 2)
y = torch.nn.functional.interpolate(x, size=tuple(case["to"]), mode="bilinear", align_corners=False)
print(json.dumps(y.permute(0, 2, 3, 1).flatten().tolist()))
`;

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

  for (const [[height, width, channels], to] of sizes) {
    it(`is that of PyTorch: ${height} x ${width} x ${channels} to ${to.join(' x ')}`, function () {
      if (!pythonHas('torch')) this.skip();
      this.timeout(60_000);
      const count = height * width * channels;
      const pixels = Uint8Array.from({ length: count }, (_, i) => (i * 97 + (i >> 2) * 31) % 256);
      const made = resize({ height, width, channels, pixels }, ...to).pixels;
      const [code, input] = ['resize.py', 'case.json'].map((name) => path.join(folder(), name));
      writeFileSync(code!, script);
      const given = { from: [height, width, channels], to, pixels: [...pixels] };
      writeFileSync(input!, JSON.stringify(given));
      const expected = JSON.parse(runPython(code!, [input!])) as number[];
      assert.equal(made.length, expected.length);
      // Ours are rounded to bytes.
      expected.forEach((value, i) =>
        assert.ok(Math.abs(made[i]! - value) <= 0.5 + 1e-9, `at ${i}`),
      );
    });
  }
});
