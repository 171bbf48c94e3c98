/** Matrix products: ours with and without 256-bit vectors and OpenBLAS against the most multiply-adds there can be. */
import { compilePeak } from './fmaPeak.ts';
import type { Setting } from './part.ts';
import { ask, coreCommand, type Peer, pythonPeer, threadCounts } from './peer.ts';
import { digits, markdownTable, median, spread } from './table.ts';

const rounds = 8;
const seconds = '0.35';
const shapes = ['512x512x512', '1024x1024x1024', '28800x32x288', '6272x64x576'];
const target = 0.9;

interface Speeds {
  readonly gflops: readonly number[];
  readonly checks?: readonly number[];
  readonly openblas?: boolean;
}

/** GFLOP/s of every round, by shape or kind of peak. */
type Found = Map<string, number[][]>;

export async function gemmSection(setting: Setting): Promise<string> {
  const hasC = compilePeak(setting.folder);
  const sections: string[] = [];
  for (const threads of threadCounts) {
    const peers = peersOf(setting, threads, hasC);
    const found: Found = new Map(peers.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) askAll(peers, found);
    sections.push(section(found, threads));
  }
  const title = '## Matrix products, GFLOP/s (M x N x K, one op through the whole pipeline)';
  return Promise.resolve([title, ...sections].join('\n\n'));
}

const names = {
  wide: 'Trainbench wasm',
  narrow: 'Trainbench wasm, 128-bit vectors',
  torch: 'OpenBLAS (torch.mm)',
  peak: 'peak',
  wasmPeak: 'peak of wasm',
};

function peersOf({ node, folder, torchMissing }: Setting, threads: number, hasC: boolean): Peer[] {
  const args = [`${threads}`, seconds, ...shapes];
  const command = coreCommand(node, 'gemmOurs.ts', ...args);
  const torch = pythonPeer(names.torch, { script: 'gemm_torch.py', args, threads });
  return [
    { name: names.wide, command },
    { name: names.narrow, command, environment: { TRAINBENCH_WASM: 'relaxed' } },
    ...(torchMissing === null ? [torch] : []),
    ...(hasC ? [{ name: names.peak, command: [`${folder}/fmaPeak`, `${threads}`, seconds] }] : []),
    ...(threads === 1
      ? [{ name: names.wasmPeak, command: coreCommand(node, 'fmaPeakOurs.ts', seconds) }]
      : []),
  ];
}

function askAll(peers: readonly Peer[], found: Found): void {
  let expected: readonly number[] | undefined;
  for (const peer of peers) {
    const { gflops, checks, openblas } = ask(peer) as Speeds;
    if (openblas === false) throw new Error('PyTorch does not multiply with OpenBLAS here');
    if (checks !== undefined) checkProducts(peer.name, checks, (expected ??= checks));
    const rows = found.get(peer.name)!;
    gflops.forEach((speed, i) => (rows[i] ??= []).push(speed));
  }
}

/** All must compute the same product. */
function checkProducts(name: string, checks: readonly number[], expected: readonly number[]): void {
  checks.forEach((value, i) => {
    const error = Math.abs(value - expected[i]!);
    if (error > 1e-3 * Math.max(1, Math.abs(expected[i]!))) {
      throw new Error(`${name} gets ${value} for ${shapes[i]}, we ${expected[i]}`);
    }
  });
}

function section(found: Found, threads: number): string {
  const speeds = (name: string, index: number): number[] => found.get(name)?.[index] ?? [];
  const wholePeak = speeds(names.peak, 1);
  const rows = shapes.map((shape, i) => {
    const [wide, narrow, torch] = [names.wide, names.narrow, names.torch].map((name) =>
      speeds(name, i),
    ) as [number[], number[], number[]];
    return [
      shape.replaceAll('x', ' x '),
      ...[wide, narrow, torch].flatMap((each) => [of(each), each.length > 0 ? spread(each) : '']),
      ratio(wide, torch),
      ratio(wide, wholePeak),
      ratio(narrow, speeds(names.peak, 0)),
    ];
  });
  const heads = [
    ...['', 'ours', 'min - max', 'ours, 128 bits', 'min - max', 'OpenBLAS', 'min - max'],
    ...['ours / OpenBLAS', 'ours / 256-bit peak', '128 bits / 128-bit peak'],
  ];
  const one = median(speeds(names.wide, 1)) / median(wholePeak);
  const reached = one >= target ? 'reached' : 'not reached';
  const verdict = `1024 x 1024 x 1024 runs at **${digits(one)}** of the 256-bit peak (target ${target}: ${reached}).`;
  return [
    `### ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    markdownTable(heads, rows),
    `${peaks(found)} ${wholePeak.length > 0 ? verdict : 'No peak: gcc or the processor has no FMA.'}`,
  ].join('\n\n');
}

function peaks(found: Found): string {
  const parts = [
    ...((found.get(names.peak) ?? []).length > 0
      ? [`compiled C ${pair(found.get(names.peak)!)} GFLOP/s`]
      : []),
    ...(found.has(names.wasmPeak)
      ? [`WebAssembly without and with fused pairs ${pair(found.get(names.wasmPeak)!)}`]
      : []),
  ];
  return `Multiply-adds and nothing else, with vectors of 128 and of 256 bits: ${parts.join(', ')}.`;
}

function pair(rows: readonly number[][]): string {
  return rows.map(of).join(' and ');
}

function of(speeds: readonly number[]): string {
  return speeds.length === 0 ? '' : digits(median(speeds));
}

function ratio(a: readonly number[], b: readonly number[]): string {
  return a.length === 0 || b.length === 0 ? '' : digits(median(a) / median(b));
}
