/** W2 and W3 against PyTorch in both memory layouts, for one thread and for two. */
import { operationsOf } from '../../src/core/ir/operations.ts';
import { widePeak } from './fmaPeak.ts';
import {
  imageData,
  imageNet,
  type ImageNetName,
  type ImageNetSize,
  imageSize,
  writeImageData,
} from './imageNets.ts';
import type { Setting } from './part.ts';
import {
  alternate,
  coreCommand,
  type Peer,
  pythonPeer,
  type Sample,
  threadCounts,
} from './peer.ts';
import { digits, median, timingTable } from './table.ts';

const rounds = 4;
const ours = 'Trainbench wasm';
const titles = {
  w2: 'W2: the CIFAR-10 tutorial net',
  w3: 'W3: Keras’s cifar10_cnn',
};
/** How many times ours PyTorch's time shall be at least, by threads. */
const targets = { w2: [3, 3], w3: [1, 1.4] };
/** What is between a step and the processor's limit, as profile.ts shows it. */
const bounds = {
  w2: 'Two thirds of it are the products of its convolutions, at 95 to 115 GFLOP/s (rows of zeros left out); the rest is bound by memory: dense layers, whose weights serve four rows only, pools, masks and the optimizer',
  w3: 'Winograd’s F(4x4, 3x3) needs 0.25 to 0.38 of these operations for 3x3 filters, and its products run at the peak; as long as they take its transforms and what follows them, which wait for images in the third cache; the rest is the first convolution, dense layers at 72 to 100 GFLOP/s, and passes over memory',
};

/** Markdown of one net at the size of the lab. */
export async function imageSections(setting: Setting, net: ImageNetName): Promise<string> {
  const sections: string[] = [];
  for (const threads of threadCounts) {
    const peers = await imagePeers(setting, { net, size: imageSize(net), threads, seconds: 2 });
    const samples = alternate(peers, rounds);
    checkLosses(samples);
    const { batch } = imageSize(net);
    sections.push(
      `### ${titles[net]}, batch ${batch}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      timingTable(samples, 'ms a step'),
      verdict(samples, targets[net][threads - 1]!),
      `${roofline(setting, { net, threads }, samples[0]!)} ${bounds[net]}.`,
    );
  }
  return [`## ${titles[net]}`, ...sections].join('\n\n');
}

/** How a step compares with its operations (convolutions counted as direct ones) at the measured peak. */
function roofline(
  { folder }: Setting,
  { net, threads }: { net: ImageNetName; threads: number },
  own: Sample,
): string {
  const operations = operationsOf(imageNet(net).program.loops[0]!);
  const peak = widePeak(folder, threads);
  const size = `A step is ${digits(operations / 1e6)} million operations`;
  if (peak === null) return `${size}.`;
  const least = operations / peak / 1e6;
  return `${size}: ${digits(least)} ms at the measured ${digits(peak)} GFLOP/s of multiply-adds, ${digits(least / median(own.wall))} of our time.`;
}

interface ImageWork {
  readonly net: ImageNetName;
  readonly size: ImageNetSize;
  readonly threads: number;
  readonly seconds: number;
}

/** Ours with and without 256-bit vectors, then PyTorch's two layouts where it is installed. */
export async function imagePeers(
  { node, folder, torchMissing }: Setting,
  { net, size, threads, seconds }: ImageWork,
): Promise<Peer[]> {
  const data = `${folder}/${net}-${size.batch}-${size.width}.bin`;
  await writeImageData(data, imageData(imageNet(net, size)));
  const work = { net, ...size, threads, seconds, data };
  const command = coreCommand(node, 'imageNetOurs.ts', JSON.stringify(work));
  const layouts = torchMissing === null ? ['contiguous', 'channels_last'] : [];
  return [
    { name: ours, command },
    { name: `${ours}, 128-bit vectors`, command, environment: { TRAINBENCH_WASM: 'relaxed' } },
    ...layouts.map((layout) => {
      const args = [JSON.stringify({ ...work, layout })];
      return pythonPeer(`PyTorch, ${layout}`, { script: 'image_nets_torch.py', args, threads });
    }),
  ];
}

/** All peers must have the same loss of the first batch, before training and without dropout. */
export function checkLosses(samples: readonly Sample[]): void {
  const own = samples[0]!.reply.loss!;
  for (const { name, reply } of samples) {
    const error = Math.abs(reply.loss! - own) / own;
    if (!(error < 1e-5)) throw new Error(`${name} begins with loss ${reply.loss}, we with ${own}`);
  }
}

/** The faster of PyTorch's layouts over ours. */
export function torchRatio(samples: readonly Sample[], pick: (sample: Sample) => number[]): number {
  const torch = samples.filter(({ name }) => name.startsWith('PyTorch'));
  return Math.min(...torch.map((sample) => median(pick(sample)))) / median(pick(samples[0]!));
}

function verdict(samples: readonly Sample[], target: number): string {
  const loss = `All begin with loss ${samples[0]!.reply.loss!.toFixed(6)} (without dropout).`;
  if (!samples.some(({ name }) => name.startsWith('PyTorch'))) {
    return `PyTorch is not installed (python3-torch). ${loss}`;
  }
  const [byClock, byProcessor] = [
    torchRatio(samples, ({ wall }) => wall),
    torchRatio(samples, ({ cpu }) => cpu),
  ];
  const reached = byClock >= target ? 'reached' : 'not reached';
  return `Against PyTorch’s faster layout: **${digits(byClock)} x** by the clock (target ${target} x: ${reached}), ${digits(byProcessor)} x by processor time. ${loss}`;
}
