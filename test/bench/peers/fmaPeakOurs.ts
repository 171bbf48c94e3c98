/**
 * How many multiply-adds WebAssembly can do on one thread: fmaPeakOurs.ts SECONDS. Prints one JSON line: GFLOP/s of a loop
 * of nothing but relaxed multiply-adds, as V8 compiles it by default and with pairs of vectors fused to 256 bits.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { FunctionBuilder } from '../../../src/core/codegen/wasm/asm.ts';
import { encodeModule } from '../../../src/core/codegen/wasm/module.ts';
import { memory as memoryOps } from '../../../src/core/codegen/wasm/opcodes.ts';
import { median } from '../table.ts';

const seconds = Number(process.argv[2]);
/** Sums of pairs of vectors: 12 of 256 bits, as in a tile. */
const vectors = 24;
const inner = 20_000;

// Half as many when each is a register of its own: 24 do not fit the 16 there are.
const narrow = await peak(vectors / 2);
setFlagsFromString('--experimental-wasm-revectorize');
const wide = await peak(vectors);
process.stdout.write(`${JSON.stringify({ gflops: [narrow, wide] })}\n`);

async function peak(count: number): Promise<number> {
  const bytes = encodeModule([{ name: 'run', builder: multiplyAdds(count) }], {
    pages: 1,
    shared: false,
  });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Float32Array(memory.buffer).fill(0.5);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), {
    env: { memory },
  });
  const run = exports['run'] as () => void;
  const found: number[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1500) {
    const before = performance.now();
    run();
    const gflops = (inner * count * 8) / (performance.now() - before) / 1e6;
    // The first third is for V8 to put in optimised code.
    if (before - start > seconds * 500) found.push(gflops);
    await nextTurn();
  }
  return median(found);
}

/** `inner` times: every sum times the first vector of memory plus the second. */
function multiplyAdds(count: number): FunctionBuilder {
  const f = new FunctionBuilder();
  const vectorAt = (offset: number) => () => {
    f.int(0)();
    f.prefixed(memoryOps.load);
    f.memarg(4, offset);
  };
  const sums = Array.from({ length: count }, (_, i) => {
    const sum = f.local('v128');
    f.set(sum, vectorAt(64 + i * 16));
    return sum;
  });
  const pairs = [0, 16].map((offset) => [vectorAt(offset), vectorAt(32 + offset)] as const);
  const operands = pairs.map((pair) => pair.map((vector) => f.keep(vector)));
  const left = f.keep(f.int(inner), 'i32');
  const counter = f.local('i32');
  f.set(counter, left);
  f.loopWhile(f.tee(counter, f.plain('i32Sub', f.get(counter), f.int(1))), () => {
    sums.forEach((sum, i) => {
      const [factor, addend] = operands[i % 2]!;
      f.set(sum, f.simd('f32x4RelaxedMadd', f.get(sum), factor!, addend!));
    });
  });
  sums.forEach((sum, i) => {
    f.int(0)();
    f.get(sum)();
    f.prefixed(memoryOps.store);
    f.memarg(4, 1024 + i * 16);
  });
  return f;
}
