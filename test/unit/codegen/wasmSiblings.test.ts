/** Updates of several tensors in one loop: where it happens, where it must not, and that it changes no bits. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { BufferDecl, Store } from '../../../src/core/ir/program.ts';

const backend = createWasmBackend({ deterministic: 'portable' });
const sizes = [[3], [2, 5], [1], [7]];

interface Result {
  readonly text: string;
  readonly values: readonly (readonly number[])[];
}

/** State buffers p0 to p3 of odd shapes, filled with 1, 2, ..., and one turn of the stores `body` gives. */
async function turn(
  body: (b: Builder, buffers: readonly BufferDecl[]) => Store[],
): Promise<Result> {
  const b = new Builder();
  const buffers = sizes.map((shape, i) => b.buffer(`p${i}`, 'state', 'f32', shape));
  const loop = { name: 'loop', count: 1, stores: body(b, buffers) };
  let next = 1;
  const program = b.program('siblings', [loop]);
  const executable = await backend.compile(program);
  for (const { name, type } of program.buffers) {
    const count = type.shape.reduce((a, c) => a * c, 1);
    executable.write(
      name,
      Float32Array.from({ length: count }, () => next++),
    );
  }
  await executable.run('loop', 0, 1);
  const values = await Promise.all(program.buffers.map(({ name }) => executable.read(name)));
  return { text: executable.describe(), values: values.map((each) => [...each]) };
}

const initial = [[1, 2, 3], [4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [14], [15, 16, 17, 18, 19, 20, 21]];

describe('siblings in the wasm backend', () => {
  it('the same update of buffers of different shapes is one loop', async () => {
    const { text, values } = await turn((b, buffers) =>
      buffers.map((buffer) => b.assign(buffer, b.add(b.mul(b.load(buffer), 2), 1))),
    );
    assert.match(text, /map of 4 siblings \[21\]/);
    assert.deepEqual(
      values,
      initial.map((row) => row.map((x) => x * 2 + 1)),
    );
  });

  it('gradients computed by other kernels lie next to each other too', async () => {
    const { text, values } = await turn((b, buffers) =>
      buffers.map((buffer) => {
        const old = b.load(buffer);
        const { shape } = buffer.type;
        // A product with ones: the sum of the buffer, computed by a kernel of its own.
        const flat = b.reshape(old, [1, shape.reduce((a, c) => a * c, 1)]);
        const ones = b.constant(1, [flat.type.shape[1]!, flat.type.shape[1]!]);
        return b.assign(buffer, b.sub(old, b.mul(b.reshape(b.matmul(flat, ones), shape), 0.5)));
      }),
    );
    assert.match(text, /siblings/);
    assert.deepEqual(
      values,
      initial.map((row) => row.map((x) => x - row.reduce((a, c) => a + c, 0) / 2)),
    );
  });

  it('updates with other constants stay apart', async () => {
    const { values, text } = await turn((b, buffers) =>
      buffers.map((buffer, i) => b.assign(buffer, b.mul(b.load(buffer), i + 2))),
    );
    assert.doesNotMatch(text, /siblings/);
    assert.deepEqual(
      values,
      initial.map((row, i) => row.map((x) => x * (i + 2))),
    );
  });

  it('updates that read each other see what both held before', async () => {
    const { text, values } = await turn((b) => {
      const flat = b.buffer('flat', 'state', 'f32', [6]);
      const square = b.buffer('square', 'state', 'f32', [2, 3]);
      const update = (buffer: BufferDecl, other: BufferDecl): Store => {
        const reshaped = b.reshape(b.load(other), buffer.type.shape);
        return b.assign(buffer, b.sub(b.mul(b.load(buffer), 3), reshaped));
      };
      return [update(flat, square), update(square, flat)];
    });
    assert.doesNotMatch(text, /siblings/);
    const [old, other] = [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ];
    assert.deepEqual(values, [
      old.map((x, i) => x * 3 - other[i]!),
      other.map((x, i) => x * 3 - old[i]!),
    ]);
  });
});
