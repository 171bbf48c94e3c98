/** Transforms with given draws against SciPy, on the float64 reference and on the wasm backend. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { augment, createAugmentation, drawCount } from '../../../src/core/augment/augmentation.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { verify } from '../../../src/core/ir/verify.ts';
import {
  augmentationSchema,
  type TransformConfig,
} from '../../../src/shared/model/augmentation.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate } from '../../kit/evaluate.ts';
import { pythonHas, runPython } from '../../kit/python.ts';

interface Case {
  readonly shape: readonly number[];
  readonly augmentation: readonly Record<string, unknown>[];
  readonly draws: readonly number[];
  readonly expected: readonly number[];
}

const folder = path.resolve('test/fixtures/augment');
const script = path.join(folder, 'scipy_augment.py');
const cases = JSON.parse(readFileSync(path.join(folder, 'scipy_augment.json'), 'utf8')) as Case[];

/** The same images as the script's. */
function pixels(count: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    Math.floor(128 + 127.9 * Math.sin(12.9898 * i * i + 4.1414 * i + 0.3)),
  );
}

function parsed({ augmentation }: Case): readonly TransformConfig[] {
  return augmentationSchema().parse(augmentation);
}

const titles = new Map<string, number>();
function titleOf(c: Case): string {
  const names = c.augmentation.map((each) => [
    each['type'],
    each['fill_mode'],
    each['interpolation'],
  ]);
  const title = `${names.flat().filter(Boolean).join(' ')} of ${c.shape.join(' x ')}`;
  titles.set(title, (titles.get(title) ?? 0) + 1);
  return titles.get(title) === 1 ? title : `${title}, ${titles.get(title)}`;
}

describe('random transforms', () => {
  for (const c of cases) {
    it(`${titleOf(c)} give what SciPy gives`, async () => {
      const { shape, draws } = c;
      const augmentation = createAugmentation(parsed(c), shape.slice(1));
      const count = drawCount(augmentation);
      assert.equal(draws.length, shape[0]! * count);
      const x = pixels(shape.reduce((a, b) => a * b, 1));
      const inputs = {
        x: { shape, values: x },
        draws: { shape: [shape[0]!, count], values: draws },
      };
      const { y } = await evaluate(inputs, (b, nodes) => ({
        y: augment(b, nodes['x']!, { augmentation, draws: nodes['draws']! }),
      }));
      assertClose(y!, c.expected, { relative: 1e-7, absolute: 1e-6 });
    });
  }

  // By hand from Keras's definition: row r, column c shows row r + y c and column c + x r, and the corner stays.
  for (const [draws, expected] of [
    // A sign of +1 (0.5 is not below 0.5), y = 0, x = 1: each row one column further to the right.
    [
      [0.5, 0.5, 0.9999999],
      [1, 2, 3, 5, 6, 0, 9, 0, 0],
    ],
    // The other sign.
    [
      [0.4, 0.5, 0.9999999],
      [1, 2, 3, 0, 4, 5, 0, 0, 7],
    ],
    // y = 1, x = 0: each column one row further down.
    [
      [0.5, 0.9999999, 0.5],
      [1, 5, 9, 4, 8, 0, 7, 0, 0],
    ],
  ] as const) {
    it(`shear about the corner as in Keras: draws ${draws.join(', ')}`, async () => {
      const config = { type: 'RandomShear', x_factor: 1, y_factor: 1 };
      const fill = { fill_mode: 'constant', interpolation: 'nearest' };
      const shape = [1, 3, 3, 1];
      const augmentation = createAugmentation(
        augmentationSchema().parse([{ ...config, ...fill }]),
        shape.slice(1),
      );
      assert.equal(drawCount(augmentation), 3);
      const inputs = {
        x: { shape, values: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
        draws: { shape: [1, 3], values: draws },
      };
      const { y } = await evaluate(inputs, (b, nodes) => ({
        y: augment(b, nodes['x']!, { augmentation, draws: nodes['draws']! }),
      }));
      assert.deepEqual([...y!], expected);
    });
  }

  it('are the same on the wasm backend, up to rounding', async function () {
    this.timeout(60_000);
    const backend = createWasmBackend();
    for (const c of cases) {
      const { shape, draws } = c;
      const augmentation = createAugmentation(parsed(c), shape.slice(1));
      const b = new Builder();
      const images = b.buffer('x', 'data', 'u8', shape);
      const drawn = b.buffer('draws', 'state', 'f32', [shape[0]!, drawCount(augmentation)]);
      const y = augment(b, b.convert(b.load(images), 'f32'), {
        augmentation,
        draws: b.load(drawn),
      });
      const result = b.buffer('y', 'state', 'f32', y.type.shape);
      const loop = { name: 'once', count: 1, stores: [b.assign(result, y)] };
      const executable = await backend.compile(verify(b.program('test', [loop])));
      executable.write('x', Uint8Array.from(pixels(shape.reduce((a, s) => a * s, 1))));
      executable.write('draws', Float32Array.from(draws));
      await executable.run('once', 0, 1);
      const actual = (await executable.read('y')) as Float32Array;
      executable.destroy();
      // Coordinates are float32: a pixel moves by up to a millionth of the image, times differences of up to 255.
      assertClose(actual, c.expected, { relative: 1e-5, absolute: 2e-3 });
    }
  });

  it('agree with SciPy here (needs scipy in /usr/bin/python3)', function () {
    this.timeout(60_000);
    if (!pythonHas('scipy')) this.skip();
    const now = JSON.parse(runPython(script)) as Case[];
    assert.equal(now.length, cases.length);
    now.forEach((c, i) => assertClose(c.expected, cases[i]!.expected, { relative: 1e-7 }));
  });
});
