/**
 * Matrix products on our wasm backend, each a program of one op: gemmOurs.ts THREADS SECONDS MxNxK ... Prints one JSON
 * line: for each the median GFLOP/s over SECONDS after a warm-up, and a number of the result. TRAINBENCH_WASM is heeded.
 */
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { median } from '../table.ts';

const [threads, seconds, ...shapes] = process.argv.slice(2);
/** Loops as long as those of a training: a short one would not be worth finding the fastest form. */
const count = 1000;
/** Of one call: some ten milliseconds, as many iterations as a slice of training has. */
const sliceOperations = 4e9;
const gflops: number[] = [];
const checks: number[] = [];
for (const shape of shapes) await measure(shape.split('x').map(Number));
process.stdout.write(`${JSON.stringify({ gflops, checks })}\n`);

async function measure([m = 0, n = 0, k = 0]: readonly number[]): Promise<void> {
  const b = new Builder();
  const left = b.load(b.buffer('left', 'data', 'f32', [m, k]));
  const right = b.load(b.buffer('right', 'data', 'f32', [k, n]));
  const stores = [b.assign(b.buffer('product', 'state', 'f32', [m, n]), b.matmul(left, right))];
  const program = b.program('gemm', [{ name: 'product', count, stores }]);
  const executable = await createWasmBackend({ threads: Number(threads) }).compile(program);
  executable.write('left', values(m * k));
  executable.write('right', values(k * n));
  const steps = Math.max(1, Math.round(sliceOperations / (2 * m * n * k)));
  const work = { run: () => executable.run('product', 0, steps), flops: 2 * m * n * k * steps };
  await speeds(work, Number(seconds) / 2);
  gflops.push(median(await speeds(work, Number(seconds))));
  const [last = NaN] = await executable.read('product', m * n - 1, 1);
  checks.push(last);
  executable.destroy();
}

async function speeds(
  { run, flops }: { run: () => Promise<void>; flops: number },
  wanted: number,
): Promise<number[]> {
  const found: number[] = [];
  const end = performance.now() + wanted * 1000;
  while (performance.now() < end) {
    const before = performance.now();
    await run();
    found.push(flops / (performance.now() - before) / 1e6);
  }
  return found;
}

/** As in gemm_torch.py. */
function values(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => ((i * 7) % 13) / 8 - 0.75);
}
