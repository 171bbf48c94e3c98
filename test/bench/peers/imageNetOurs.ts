/**
 * A step of W2 or W3 on our wasm backend: imageNetOurs.ts WORK, which is JSON: net, batch, width, threads, seconds. Prints
 * one JSON line: wall and processor milliseconds of each step after a warm-up, and the loss of the first batch before
 * training and without dropout. TRAINBENCH_WASM is heeded.
 */
import type { Executable } from '../../../src/core/backends/backend.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import {
  type ImageNet,
  imageData,
  imageNet,
  imageNetGradients,
  type ImageNetName,
} from '../imageNets.ts';
import { peakMegabytes } from './peakMemory.ts';

interface Work {
  readonly net: ImageNetName;
  readonly batch: number;
  readonly width: number;
  readonly threads: number;
  readonly seconds: number;
}

const { net: name, threads, seconds, ...size } = JSON.parse(process.argv[2] ?? '{}') as Work;
const backend = createWasmBackend({ threads });
const sized = { ...size, blockBytes: Number(backend.choices['blocks']) };
const net = imageNet(name, sized);
const data = imageData(net);
const executable = await start(net);
executable.write('learning_rate', Float32Array.of(name === 'w2' ? 0.001 : 1e-4));
await executable.run('train', 0, 1);
const startup = Date.now() - Number(process.env['BENCH_STARTED']);
/** Steps in one call: as many as a slice of training has. */
const steps = name === 'w2' ? net.steps : 1;
await forSeconds(seconds / 2);
const { milliseconds, cpu } = await forSeconds(seconds);
executable.destroy();
const megabytes = peakMegabytes();
const loss = await lossWithoutDropout();
process.stdout.write(`${JSON.stringify({ milliseconds, cpu, loss, startup, megabytes })}\n`);

async function start({ program, parameters }: ImageNet): Promise<Executable> {
  const made = await backend.compile(program);
  parameters.forEach((buffer, i) => made.write(buffer.name, data.parameters[i]!));
  made.write('data/x', data.x);
  made.write('data/y', data.y);
  return made;
}

async function forSeconds(wanted: number): Promise<{ milliseconds: number[]; cpu: number[] }> {
  const times: { milliseconds: number[]; cpu: number[] } = { milliseconds: [], cpu: [] };
  const end = performance.now() + wanted * 1000;
  for (let from = 0; performance.now() < end; from = (from + steps) % net.steps) {
    const [before, used] = [performance.now(), process.cpuUsage()];
    await executable.run('train', from, from + steps);
    times.milliseconds.push((performance.now() - before) / steps);
    const { user, system } = process.cpuUsage(used);
    times.cpu.push((user + system) / 1000 / steps);
  }
  return times;
}

async function lossWithoutDropout(): Promise<number> {
  const plain = await start(imageNetGradients(name, sized));
  await plain.run('gradients', 0, 1);
  const [value = NaN] = await plain.read('loss');
  plain.destroy();
  return value;
}
