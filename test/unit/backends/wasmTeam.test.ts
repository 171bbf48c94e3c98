/** Several threads share an iteration of the wasm backend; how many never changes a bit. */
import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { isWorthTeam, teamSize } from '../../../src/core/backends/wasm/work.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { ConvGeometry, Node, Program } from '../../../src/core/ir/program.ts';
import { randomSource } from '../../../src/core/random/threefry.ts';
import { elementCount } from '../../../src/shared/tensor/tensorType.ts';

const steps = 3;
const images = [3, 18, 17, 5];

/** Trains a small convolutional net with every kind of kernel that a team shares: three steps of plain descent. */
function convolutionalNet(): Program {
  const b = new Builder();
  const same: ConvGeometry = {
    strides: [1, 1],
    padding: [1, 1, 1, 1],
    dilation: [1, 1],
    groups: 1,
  };
  const parameters = {
    first: [3, 3, 5, 32],
    bias: [32],
    second: [3, 3, 32, 16],
    few: [3, 3, 16, 5],
    dense: [5 * 9 * 8, 7],
  };
  const load = (name: keyof typeof parameters): Node =>
    b.load(b.buffer(name, 'state', 'f32', parameters[name]));
  const pool = { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] } as const;
  const x = b.load(b.buffer('x', 'data', 'f32', images));
  const filtered = b.add(b.conv2d(x, load('first'), same), load('bias'));
  const hidden = b.binary('max', filtered, 0);
  const counter = { seed: b.constant(3, [], 'i32'), epoch: b.iteration(), step: b.iteration() };
  const bits = b.randomBits(4, counter, hidden.type.shape);
  const kept = b.select(b.compare('ge', b.unary('uniform24', bits), 0.3), hidden, 0);
  const last = b.conv2d(b.conv2d(kept, load('second'), same), load('few'), same);
  const flat = b.reshape(b.maxPool2d(last, pool), [images[0]!, 5 * 9 * 8]);
  const output = b.matmul(flat, load('dense'));
  const loss = b.reduce('sum', b.mul(output, output));
  const names = Object.keys(parameters) as (keyof typeof parameters)[];
  const slopes = gradients(b, loss, names.map(load));
  const stores = names.map((name, i) => {
    const next = b.sub(load(name), b.mul(slopes[i]!, 1e-4));
    return b.assign(b.buffer(name, 'state', 'f32', parameters[name]), next);
  });
  const column = b.buffer('loss', 'column', 'f32', [steps]);
  const loop = { name: 'train', count: steps, stores: [b.emit(column, loss), ...stores] };
  return b.program('net', [loop]);
}

/** All buffers after the steps. */
async function trained(program: Program, threads: number, wide: boolean): Promise<unknown> {
  const backend = createWasmBackend({ threads, wide });
  const executable = await backend.compile(program);
  program.buffers.forEach(({ name, type, role }, stream) => {
    const source = randomSource({ seed: 60, stream });
    const values = Array.from({ length: elementCount(type.shape) }, () => source.normal() / 4);
    if (role !== 'column') executable.write(name, Float32Array.from(values));
  });
  await executable.run('train', 0, 1);
  await executable.run('train', 1, steps);
  const names = program.buffers.map(({ name }) => name);
  const result = await Promise.all(names.map((name) => executable.read(name)));
  executable.destroy();
  backend.destroy();
  return result;
}

describe('threads of the wasm backend', () => {
  it('give the same bits whatever their number', async () => {
    const program = convolutionalNet();
    assert.ok(isWorthTeam(program.loops[0]!));
    assert.equal(teamSize(program, 5), 5);
    assert.ok(teamSize(program, 1000) < 1000);
    const alone = await trained(program, 1, false);
    for (const threads of [2, 3, 5]) {
      assert.deepEqual(await trained(program, threads, threads % 2 === 0), alone);
    }
  }).timeout(20_000);
});
