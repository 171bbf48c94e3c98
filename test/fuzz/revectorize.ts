/**
 * V8's revectorizer against V8 without it, bit for bit, on random programs, on the runtime that the core has:
 * `npm run fuzz [-- RUNS [FIRST_SEED]]`, 10,000 by default.
 * Every second program is a convolution or a product in packed tiles with its gradients and a chain of other ops; the rest
 * are chains of any ops. Two processes compute them, as V8 shares compiled code within one; both compile at once with the
 * optimizing compiler, as nothing else is fused. Prints how many agreed, or the first program that did not.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gradients } from '../../src/core/autodiff/gradients.ts';
import { findRuntime } from '../../src/coreProcess/runtime.ts';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import { printProgram } from '../../src/core/ir/printer.ts';
import type { Node, Program, UnaryFn } from '../../src/core/ir/program.ts';
import { randomSource } from '../../src/core/random/threefry.ts';
import { elementCount } from '../../src/shared/tensor/tensorType.ts';
import { Choice, iterations, randomProgram } from '../kit/randomPrograms.ts';

const script = fileURLToPath(import.meta.url);
const optimizing = ['--no-liftoff', '--no-wasm-dynamic-tiering', '--import', 'tsx'];
const [runs = 10_000, firstSeed = 1, isChild = 0] = process.argv.slice(2).map(Number);

if (isChild === 1) await printHashes();
else await compare();

async function compare(): Promise<void> {
  const plain = hashes([]);
  const fused = hashes(['--experimental-wasm-revectorize']);
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const a: unknown = (await plain.next()).value;
    const b: unknown = (await fused.next()).value;
    if (a !== undefined && a === b) continue;
    process.stdout.write(`seed ${seed} differs:\n${printProgram(programOf(seed))}\n`);
    process.exit(1);
  }
  process.stdout.write(`${runs} programs from seed ${firstSeed} agree\n`);
}

/** One line for each seed, from a process with these flags. */
function hashes(flags: readonly string[]): AsyncIterator<string> {
  const args = [...flags, ...optimizing, path.resolve(script), `${runs}`, `${firstSeed}`, '1'];
  const { executable } = findRuntime({ bundleFolder: path.resolve('dist') });
  const { stdout } = spawn(executable, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return createInterface({ input: stdout })[Symbol.asyncIterator]();
}

async function printHashes(): Promise<void> {
  const backend = createWasmBackend({ wide: true, threads: 1 });
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    process.stdout.write(`${await hashOf(backend, programOf(seed), seed)}\n`);
  }
}

function programOf(seed: number): Program {
  return seed % 2 === 0 ? randomProgram(seed) : productProgram(seed);
}

/** Of all buffers after the loop; one NaN is as good as another. */
async function hashOf(backend: Backend, program: Program, seed: number): Promise<string> {
  const executable = await backend.compile(program);
  const source = randomSource({ seed, stream: 1 });
  for (const { name, type, role } of program.buffers) {
    if (role !== 'state') continue;
    const values = Array.from({ length: elementCount(type.shape) }, () => source.normal());
    executable.write(name, Float32Array.from(values));
  }
  await executable.run('loop', 0, iterations);
  const hash = createHash('sha1');
  for (const { name } of program.buffers) {
    const values = Float32Array.from(await executable.read(name), (x) =>
      Number.isNaN(x) ? NaN : x,
    );
    hash.update(new Uint8Array(values.buffer));
  }
  executable.destroy();
  return hash.digest('hex');
}

/** A convolution or product of random sizes, something done to its elements, a loss, and all gradients. */
function productProgram(seed: number): Program {
  const b = new Builder();
  const choice = new Choice(seed);
  const size = (least: number, most: number) => least + choice.below(most - least + 1);
  const load = (name: string, shape: readonly number[]): Node =>
    b.load(b.buffer(name, 'state', 'f32', shape));
  const inputs: Node[] = [];
  const value = seed % 4 === 3 ? product() : seed % 8 === 1 ? winograd() : convolution();
  const fn: UnaryFn = choice.of(['tanh', 'sigmoid', 'exp', 'abs', 'erf'] as const);
  const bias = load('bias', [value.type.shape.at(-1)!]);
  const chain = b.unary(fn, b.mul(b.add(value, bias), 0.1));
  const loss = b.reduce('sum', b.mul(b.binary('max', chain, 0.2), chain));
  const all = [...inputs, bias];
  const slopes = gradients(b, loss, all);
  const stores = [chain, ...slopes].map((node, i) =>
    b.assign(b.buffer(`out${i}`, 'state', 'f32', node.type.shape), node),
  );
  return b.program(`seed ${seed}`, [{ name: 'loop', count: iterations, stores }]);

  function convolution(): Node {
    const [kh, kw, channels] = [size(1, 4), size(1, 4), size(1, 20)];
    const x = load('x', [size(1, 3), kh + size(0, 14), kw + size(0, 14), channels]);
    const filter = load('filter', [kh, kw, channels, size(1, 40)]);
    inputs.push(x, filter);
    const pad = (k: number) => choice.below(k);
    return b.conv2d(x, filter, {
      strides: [size(1, 2), size(1, 2)],
      padding: [pad(kh), pad(kh), pad(kw), pad(kw)],
      dilation: [1, 1],
      groups: 1,
    });
  }

  function winograd(): Node {
    const [channels, outputs] = [choice.of([16, 20, 32]), choice.of([16, 32, 48])];
    const x = load('x', [size(1, 3), size(6, 20), size(6, 20), channels]);
    const filter = load('filter', [3, 3, channels, outputs]);
    inputs.push(x, filter);
    const padding = [size(1, 2), size(1, 2), size(1, 2), size(1, 2)] as const;
    return b.conv2d(x, filter, { strides: [1, 1], padding, dilation: [1, 1], groups: 1 });
  }

  function product(): Node {
    const [m, k, n] = [size(1, 70), size(1, 90), size(1, 70)];
    const left = load('x', [m, k]);
    const right = load('filter', choice.below(2) === 0 ? [k, n] : [n, k]);
    inputs.push(left, right);
    return b.matmul(left, right, { transposeB: right.type.shape[0] !== k });
  }
}
