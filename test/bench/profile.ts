/**
 * Where a step of W2 or W3 goes: profile.ts w2|w3 [ROUNDS [BATCH [WIDTH [BYTES OF A BLOCK]]]], on the shipped Node. The shortest
 * mean time of each kernel over all batches is printed with its share. One thread; 256-bit vectors where they work. For a config: `trainbench profile`.
 */
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import type { TimedKernel } from '../../src/core/backends/backend.ts';
import { imageData, imageNet, type ImageNetName, imageSize } from './imageNets.ts';
import { digits } from './table.ts';

const [name = 'w3', rounds = '30', batch = '', width = '1', blocks] = process.argv.slice(2);
const backend = createWasmBackend({ threads: 1 });
const net = imageNet(name as ImageNetName, {
  batch: Number(batch || imageSize(name as ImageNetName).batch),
  width: Number(width),
  blockBytes: Number(blocks ?? backend.choices['blocks']),
});
const data = imageData(net);
const executable = await backend.compile(net.program, { timed: true });
net.parameters.forEach((buffer, i) => executable.write(buffer.name, data.parameters[i]!));
executable.write('data/x', data.x);
executable.write('data/y', data.y);
executable.write('learning_rate', Float32Array.of(1e-4));
let best: readonly TimedKernel[] = [];
for (let round = 0; round < Number(rounds); round++) {
  await executable.run('train', 0, net.steps);
  const { kernels, iterations } = executable.takeTimes!('train');
  best = kernels.map((kernel, i) => {
    const taken = kernel.milliseconds / iterations;
    const milliseconds = Math.min(best[i]?.milliseconds ?? Infinity, taken);
    return { ...kernel, milliseconds };
  });
}
executable.destroy();
report();

function report(): void {
  const total = best.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  for (const { ops, shape, form, milliseconds, operations, bytes } of best) {
    const share = `${((100 * milliseconds) / total).toFixed(1)} %`.padStart(8);
    const speeds = [operations, bytes].map((count) => (count / milliseconds / 1e6).toFixed(1));
    const title = `${form ?? ''} [${shape.join(',')}] ${ops.join('; ')}`;
    process.stdout.write(
      `${milliseconds.toFixed(4).padStart(9)} ms${share} ${speeds[0]!.padStart(7)} GFLOP/s ${speeds[1]!.padStart(6)} GB/s  ${title}\n`,
    );
  }
  const { working = 0 } = executable.memory ?? {};
  process.stdout.write(
    `${total.toFixed(3).padStart(9)} ms in all; working memory ${digits(working / 2 ** 20)} MiB\n`,
  );
}
