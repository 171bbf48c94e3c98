/**
 * A step of W2 or W3 on our wasm backend: imageNetOurs.ts w2|w3 THREADS SECONDS. Prints one JSON line: wall and processor
 * milliseconds of each step after a warm-up, and the loss of the first step. TRAINBENCH_WASM is heeded.
 */
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { allowedForm } from '../../../src/core/backends/wasm/revectorize.ts';
import { imageData, imageNet, type ImageNetName } from '../imageNets.ts';

const [name = 'w2', threads, seconds] = process.argv.slice(2);
const net = imageNet(name as ImageNetName);
const data = imageData(net);
const backend = createWasmBackend({ threads: Number(threads) });
const executable = await backend.compile(net.program);
net.parameters.forEach((buffer, i) => executable.write(buffer.name, data.parameters[i]!));
executable.write('data/x', data.x);
executable.write('data/y', data.y);
executable.write('learning_rate', Float32Array.of(name === 'w2' ? 0.001 : 1e-4));
await executable.run('train', 0, net.steps);
const [loss] = await executable.read('loss');
/** Steps in one call: as many as a slice of training has. */
const steps = name === 'w2' ? net.steps : 1;
await forSeconds(1);
const { milliseconds, cpu } = await forSeconds(Number(seconds));
executable.destroy();
const form = allowedForm() === 'revectorize' ? '' : `, ${allowedForm()}`;
process.stdout.write(
  `${JSON.stringify({ peer: `Trainbench wasm${form}`, milliseconds, cpu, loss })}\n`,
);

async function forSeconds(wanted: number): Promise<{ milliseconds: number[]; cpu: number[] }> {
  const milliseconds: number[] = [];
  const cpu: number[] = [];
  const end = performance.now() + wanted * 1000;
  for (let from = 0; performance.now() < end; from = (from + steps) % net.steps) {
    const [before, used] = [performance.now(), process.cpuUsage()];
    await executable.run('train', from, from + steps);
    milliseconds.push((performance.now() - before) / steps);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000 / steps);
  }
  return { milliseconds, cpu };
}
