/**
 * Our side of the GPU bench: ours.ts REQUEST (works.ts). Prints a line of JSON for each form as soon as it is measured; first
 * one with the adapter's name. Every repetition ends with a number read back, so that all of its work is done.
 */
import { operationsOf } from '../../../src/core/ir/operations.ts';
import type { Backend, Executable } from '../../../src/core/backends/backend.ts';
import { createWebgpuBackend } from '../../../src/core/backends/webgpu/webgpuBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import { elementCount } from '../../../src/shared/tensor/tensorType.ts';
import { fillW1, runW1Epoch, w1Program } from '../../kit/w1Program.ts';
import {
  imageData,
  imageNet,
  imageNetGradients,
  type ImageData,
  type ImageNet,
} from '../imageNets.ts';
import type { GemmWork, Line, NetWork, Request, W1Work } from './works.ts';

/** Iterations of the loop of a matrix product. */
const products = 1000;

const request = JSON.parse(process.argv[2] ?? '{}') as Request;
const { what, seconds } = request;
const backend = await createWebgpuBackend();
print({ device: backend.deviceName });
const started = performance.now();
const hasTime = (): boolean => performance.now() - started < request.until * 1000;
if (what.kind === 'w1') await measureW1(what);
else if (what.kind === 'gemm') await measureGemm(what);
else await measureNet(what);
backend.destroy();

function print(line: Line | { readonly device: string }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Repetitions until the time is up, at least three, after one that does not count. */
async function repeated(once: () => Promise<void>): Promise<number[]> {
  await once();
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (times.length < 3 || performance.now() < end) {
    const before = performance.now();
    await once();
    times.push(performance.now() - before);
  }
  return times;
}

async function measureW1({ epochs }: W1Work): Promise<void> {
  const w1 = w1Program();
  const executable = await backend.compile(w1.program);
  fillW1(executable);
  const columns = [...w1.train, ...w1.validation].map(({ name }) => `${name}/loss`);
  const milliseconds = await repeated(async () => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      await runW1Epoch(executable, w1);
      await Promise.all(columns.map((name) => executable.read(name)));
    }
  });
  const perEpoch = [...w1.train, ...w1.validation]
    .map(({ name, count }) => count * operationsOf(w1.program.loops.find((l) => l.name === name)!))
    .reduce((a, b) => a + b);
  executable.destroy();
  print({ form: 'float32', milliseconds, operations: perEpoch * epochs });
}

async function measureNet({ net, size, isCompared }: NetWork): Promise<void> {
  const loss = isCompared ? await firstLoss({ net, size }) : undefined;
  for (const precision of ['float32', 'mixed'] as const) {
    if (!hasTime()) return;
    const made = imageNet(net, size, precision);
    const executable = await start(backend, made, dataOf(made, isCompared));
    executable.write('learning_rate', Float32Array.of(net === 'w2' ? 0.001 : 1e-4));
    const chunk = await chunkOf(executable, made.steps);
    const milliseconds = await repeated(() => runChunk(executable, chunk));
    executable.destroy();
    const operations = operationsOf(made.program.loops[0]!);
    const each = milliseconds.map((time) => time / (chunk.turns * chunk.steps));
    print({ form: precision, milliseconds: each, operations, ...(loss !== undefined && { loss }) });
  }
}

/** Steps from the first on, so many times. */
interface Chunk {
  readonly steps: number;
  readonly turns: number;
}

/** What takes about a twentieth of the time. */
async function chunkOf(executable: Executable, all: number): Promise<Chunk> {
  await runChunk(executable, { steps: 1, turns: 1 });
  const before = performance.now();
  await runChunk(executable, { steps: 1, turns: 2 });
  const wanted = (seconds * 1000) / 20 / ((performance.now() - before) / 2);
  const steps = Math.max(1, Math.min(all, Math.round(wanted)));
  return { steps, turns: Math.max(1, Math.round(wanted / steps)) };
}

async function runChunk(executable: Executable, { steps, turns }: Chunk): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await executable.run('train', 0, steps);
  await executable.read('loss', 0, 1);
}

async function firstLoss({ net, size }: Pick<NetWork, 'net' | 'size'>): Promise<number> {
  const plain = imageNetGradients(net, size);
  const executable = await start(backend, plain, imageData(plain));
  await executable.run('gradients', 0, 1);
  const [loss = NaN] = await executable.read('loss');
  executable.destroy();
  return loss;
}

async function start(on: Backend, { program, parameters }: ImageNet, data: ImageData) {
  const executable = await on.compile(program);
  parameters.forEach((buffer, i) => executable.write(buffer.name, data.parameters[i]!));
  executable.write('data/x', data.x);
  executable.write('data/y', data.y);
  return executable;
}

/** Of a wide net cheap numbers: it has a hundred million weights. */
function dataOf(net: ImageNet, isCompared: boolean): ImageData {
  if (isCompared) return imageData(net);
  let state = 1;
  const numbers = (count: number, limit: number) => {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes' generator
      values[i] = (state / 2 ** 31) * limit;
    }
    return values;
  };
  return {
    parameters: net.parameters.map(({ type: { shape } }) =>
      shape.length === 1
        ? new Float32Array(shape[0]!)
        : numbers(elementCount(shape), Math.sqrt(6 / elementCount(shape.slice(0, -1)))),
    ),
    x: numbers(net.rows * 32 * 32 * 3, 1),
    y: Int32Array.from({ length: net.rows }, (_, i) => i % 10),
  };
}

async function measureGemm({ sizes }: GemmWork): Promise<void> {
  for (const precision of ['float32', 'mixed'] as const) {
    for (const size of sizes) {
      if (!hasTime()) return;
      const executable = await backend.compile(gemm(size, precision === 'mixed'));
      await executable.run('fill', 0, 1);
      const once = (count: number) => async () => {
        await executable.run('product', 0, count);
        await executable.read('product', 0, 1);
      };
      await once(1)();
      const before = performance.now();
      await once(1)();
      const most = Math.round((seconds * 1000) / 10 / (performance.now() - before));
      const count = Math.max(1, Math.min(products, most));
      const times = await repeated(once(count));
      if (size === sizes[0]) await checkProduct(executable, size, precision);
      executable.destroy();
      const milliseconds = times.map((time) => time / count);
      print({ form: `${size}, ${precision}`, milliseconds, operations: 2 * size ** 3 });
    }
  }
}

/** Factors of numbers from -0.5 to 0.5, made on the device, and the loop of one product. */
function gemm(size: number, mixed: boolean) {
  const b = new Builder();
  const seed = b.constant(1, [], 'i32');
  const side = (name: string) => b.buffer(name, 'state', 'f32', [size, size]);
  const random = (stream: number): Node => {
    const bits = b.randomBits(stream, { seed, epoch: seed, step: seed }, [size, size]);
    return b.unary('float16', b.sub(b.unary('uniform24', bits), 0.5));
  };
  const factors = ['left', 'right'].map((name) => b.load(side(name))) as [Node, Node];
  const multiply = () => b.matmul(...factors);
  const product = mixed ? b.withHalfFactors(multiply) : multiply();
  return b.program('gemm', [
    {
      name: 'fill',
      count: 1,
      stores: ['left', 'right'].map((n, i) => b.assign(side(n), random(i))),
    },
    { name: 'product', count: products, stores: [b.assign(side('product'), product)] },
  ]);
}

/** Some elements against sums in float64. @throws where the product is wrong. */
async function checkProduct(executable: Executable, size: number, form: string): Promise<void> {
  const [left, right] = await Promise.all(['left', 'right'].map((name) => executable.read(name)));
  for (const [row, column] of [
    [0, 0],
    [size - 1, size - 1],
    [size >> 1, 3],
  ] as const) {
    let expected = 0;
    for (let k = 0; k < size; k++) expected += left![row * size + k]! * right![k * size + column]!;
    const [found = NaN] = await executable.read('product', row * size + column, 1);
    if (!(Math.abs(found - expected) < 1e-3 * Math.sqrt(size))) {
      throw new Error(
        `the product of ${size}, ${form}, is ${found} where it should be ${expected}`,
      );
    }
  }
}
