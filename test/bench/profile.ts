/**
 * Where a step of W2 or W3 goes: profile.ts w2|w3 [ROUNDS], on the shipped Node. Every kernel becomes a function of its own
 * and is called alone; the shortest time of each is printed with its share. One thread; 256-bit vectors where they work.
 */
import { fusesVectors } from '../../src/core/backends/wasm/revectorize.ts';
import { describeGenerated } from '../../src/core/codegen/wasm/describe.ts';
import { generate, type Generated } from '../../src/core/codegen/wasm/generate.ts';
import { simplify } from '../../src/core/passes/simplify.ts';
import type { TensorValues } from '../../src/shared/tensor/tensorType.ts';
import { imageData, imageNet, type ImageNetName } from './imageNets.ts';
import { digits } from './table.ts';

const [name = 'w3', rounds = '30'] = process.argv.slice(2);
const net = imageNet(name as ImageNetName);
const wide = await fusesVectors();
const generated = generate(simplify(net.program), {
  fma: true,
  wide,
  shared: false,
  profile: true,
});
const kernels = instantiate(generated);
const best = new Map<string, number>();
for (let round = 0; round < Number(rounds); round++) {
  for (const [kernel, run] of kernels) {
    const before = performance.now();
    run();
    best.set(kernel, Math.min(best.get(kernel) ?? Infinity, performance.now() - before));
  }
  await new Promise((resolve) => setImmediate(resolve)); // lets V8 put in optimised code
}
report();

/** The exported kernels in order, over memory that holds the net's data. */
function instantiate({ bytes, pages, memory: statics, pool }: Generated): [string, () => void][] {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), {
    env: { memory },
  });
  const place = (values: TensorValues, address: number): void => {
    const source = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(memory.buffer, address, source.length).set(source);
  };
  const write = (buffer: string, values: TensorValues): void =>
    place(values, statics.buffers.get(buffer)!.address);
  for (const { address, value } of statics.constants) {
    if (value.op.kind !== 'constant') continue;
    const { values } = value.op;
    place(value.dtype === 'f32' ? Float32Array.from(values) : Int32Array.from(values), address);
  }
  pool.writeTo(memory.buffer);
  const data = imageData(net);
  net.parameters.forEach((buffer, i) => write(buffer.name, data.parameters[i]!));
  write('data/x', data.x);
  write('data/y', data.y);
  write('learning_rate', Float32Array.of(1e-4));
  return Object.entries(exports)
    .filter(([exported]) => exported.startsWith('kernel'))
    .map(([exported, run]) => [exported, run as () => void]);
}

function report(): void {
  const total = [...best.values()].reduce((a, b) => a + b, 0);
  const lines = describeGenerated(generated).split('\n');
  const titles = lines.slice(lines.findIndex((line) => line.startsWith('loop ')) + 1);
  kernels.forEach(([kernel], i) => {
    const time = best.get(kernel)!;
    const share = `${((100 * time) / total).toFixed(1)} %`.padStart(8);
    process.stdout.write(
      `${time.toFixed(4).padStart(9)} ms${share}${titles[i] || '  (the end of an iteration)'}\n`,
    );
  });
  process.stdout.write(
    `${total.toFixed(3).padStart(9)} ms in all; arena ${digits(generated.arenaBytes / 2 ** 20)} MiB\n`,
  );
}
