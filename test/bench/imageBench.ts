/** W2 and W3 against PyTorch in both memory layouts, for one thread and for two, as sections of the results. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { coreNodeFlags } from '../../src/coreProcess/forkCore.ts';
import { imageData, imageNet, type ImageNetName, writeImageData } from './imageNets.ts';
import { digits, median } from './table.ts';

interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

interface Sample {
  /** Medians over the steps of each round. */
  readonly wall: number[];
  readonly cpu: number[];
  loss: number;
}

const rounds = 3;
const seconds = '3';
const ours = 'Trainbench wasm';
const nets = {
  w2: { title: 'W2: the CIFAR-10 tutorial net, batch 4', targets: [3, 3] },
  w3: { title: 'W3: Keras’s cifar10_cnn, batch 32', targets: [1, 1.4] },
} as const;

/** Markdown of both nets. @param torchMissing why PyTorch is left out, or null. */
export async function imageSections(
  node: string,
  folder: string,
  torchMissing: string | null,
): Promise<string> {
  const sections: string[] = [];
  for (const name of ['w2', 'w3'] as const) {
    const data = `${folder}/${name}.bin`;
    await writeImageData(data, imageData(imageNet(name)));
    for (const threads of [1, 2].filter((count) => count <= availableParallelism())) {
      const peers = [
        ...ourPeers(node, name, threads),
        ...(torchMissing === null ? torchPeers(name, threads, data) : []),
      ];
      sections.push(section(name, threads, measureAll(peers)));
    }
  }
  return sections.join('\n');
}

function ourPeers(node: string, net: ImageNetName, threads: number): Peer[] {
  const script = 'test/bench/peers/imageNetOurs.ts';
  const command = [node, ...coreNodeFlags, '--import', 'tsx', script, net, `${threads}`, seconds];
  return [
    { name: ours, command, environment: {} },
    {
      name: `${ours}, 128-bit vectors`,
      command,
      environment: { TRAINBENCH_WASM: 'relaxed' },
    },
  ];
}

function torchPeers(net: ImageNetName, threads: number, data: string): Peer[] {
  const count = `${threads}`;
  return ['contiguous', 'channels_last'].map((layout) => ({
    name: `PyTorch, ${layout}`,
    command: [
      '/usr/bin/python3',
      'test/bench/peers/image_nets_torch.py',
      ...[net, count, seconds, data, layout],
    ],
    environment: { OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count },
  }));
}

/** Peers take turns, so that a slow moment of the machine hits all of them. */
function measureAll(peers: readonly Peer[]): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) {
      const { milliseconds, cpu, loss, openblas } = measure(peer);
      if (openblas === false) throw new Error('PyTorch does not use OpenBLAS here');
      const sample = samples.get(peer.name) ?? { wall: [], cpu: [], loss };
      sample.wall.push(median(milliseconds));
      sample.cpu.push(median(cpu));
      samples.set(peer.name, sample);
    }
  }
  return samples;
}

function measure({ command, environment }: Peer): {
  readonly milliseconds: readonly number[];
  readonly cpu: readonly number[];
  readonly loss: number;
  readonly openblas?: boolean;
} {
  const [program = '', ...args] = command;
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env,
  });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as ReturnType<typeof measure>;
}

function section(name: ImageNetName, threads: number, samples: Map<string, Sample>): string {
  const own = samples.get(ours)!;
  const rows = [...samples].map(([peer, { wall, cpu, loss }]) => {
    const spread = `${digits(Math.min(...wall))} - ${digits(Math.max(...wall))}`;
    const ratio = digits(median(wall) / median(own.wall));
    const work = `${digits(median(cpu))} | ${digits(median(cpu) / median(own.cpu))}`;
    return `| ${peer} | ${digits(median(wall))} | ${spread} | ${ratio} | ${work} | ${loss.toFixed(6)} |`;
  });
  return [
    `## ${nets[name].title}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, milliseconds a step`,
    '',
    '| | median | min - max | / ours | processor time | / ours | first loss |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    verdict(name, threads, samples),
    `Load of the machine: ${digits(loadavg()[0]!)}; where that is far above the threads, only processor time means something,`,
    'and only for one thread: waiting for another takes processor time too.',
    '',
  ].join('\n');
}

function verdict(name: ImageNetName, threads: number, samples: Map<string, Sample>): string {
  const torch = [...samples].filter(([peer]) => peer.startsWith('PyTorch'));
  if (torch.length === 0) return 'PyTorch is not installed (python3-torch).';
  const ratioBy = (pick: (sample: Sample) => number[]): string =>
    digits(
      Math.min(...torch.map(([, sample]) => median(pick(sample)))) /
        median(pick(samples.get(ours)!)),
    );
  const target = nets[name].targets[threads - 1]!;
  return `Against PyTorch’s faster layout: ${ratioBy(({ wall }) => wall)} x by the clock, ${ratioBy(({ cpu }) => cpu)} x by processor time (target ${target} x).`;
}
