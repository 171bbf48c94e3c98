/**
 * `npm run bench -- --gpu [--small] [--cpu-peers] [--minutes N] [PART ...]`: our WebGPU backend against PyTorch (eager,
 * torch.compile, CUDA graphs; float32, AMP, TF32) and JAX (jit with scan) on the GPU of this machine. Writes a table with the
 * card's name, anew after every measurement, so that what is there stays when time runs out: to test/bench/results-gpu.md, with
 * `--small` to out/bench/results-gpu-small.md. `--cpu-peers` measures peers that find no GPU on the processor, and says so. Also
 * the entry of the packed form (pack.ts), which needs nothing but a driver.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fillW1, w1Rows } from '../../kit/w1Program.ts';
import { imageData, imageNet, writeImageData } from '../imageNets.ts';
import { report, type PeerResult, type WorkResult } from './report.ts';
import { type Line, type Request, type Work, worksOf } from './works.ts';

interface GpuPeer {
  readonly name: string;
  readonly command: readonly string[];
  /** Share of the time of a work. */
  readonly share: number;
  readonly kinds: readonly Work['what']['kind'][];
}

export interface GpuBenchOptions {
  /** Starts our side: the program and its arguments before the request. */
  readonly ours: readonly string[];
  /** Where the Python scripts lie. */
  readonly peers: string;
  /** For data on the way. */
  readonly folder: string;
  readonly results: string;
}

const all = ['w1', 'net', 'gemm'] as const;
const defaultMinutes = 8.5;

export async function runGpuBench(
  args: readonly string[],
  options: GpuBenchOptions,
): Promise<void> {
  const small = args.includes('--small');
  const cpuPeers = args.includes('--cpu-peers');
  const at = args.indexOf('--minutes');
  const minutes = at < 0 ? defaultMinutes : Number(args[at + 1]);
  const names = args.filter((arg, i) => !arg.startsWith('--') && (at < 0 || i !== at + 1));
  const works = worksOf(small).filter(({ name }) => names.length === 0 || names.includes(name));
  if (works.length === 0)
    throw new Error(
      `choose from ${worksOf(small)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  mkdirSync(options.folder, { recursive: true });
  const end = performance.now() + minutes * 60_000;
  const done: WorkResult[] = [];
  for (const [i, work] of works.entries()) {
    const left = (end - performance.now()) / 1000;
    const seconds = small ? left : shareOf(left, works.slice(i));
    const result: WorkResult = { work, peers: [] };
    done.push(result);
    const write = () => writeFileSync(options.results, report(done, { small }));
    await measure(work, { seconds, options, small, cpuPeers }, (peer) => {
      result.peers.push(peer);
      write();
      return write;
    });
  }
  process.stdout.write(`${report(done, { small })}\nwritten to ${options.results}\n`);
}

/** What the first of those that follow may have of the time that is left. */
function shareOf(left: number, following: readonly { readonly share: number }[]): number {
  const all = following.reduce((sum, { share }) => sum + share, 0);
  return (left * (following[0]?.share ?? 0)) / all;
}

interface Bounds {
  /** Small sizes take what they need of the whole time: they are to run to their end on a slow machine. */
  readonly seconds: number;
  readonly options: GpuBenchOptions;
  readonly small: boolean;
  /** Peers that find no GPU are measured on the processor, which their rows then say. */
  readonly cpuPeers: boolean;
}

async function measure(
  work: Work,
  { seconds, options, small, cpuPeers }: Bounds,
  begin: (peer: PeerResult) => () => void,
): Promise<void> {
  const data = await dataFor(work, options.folder);
  const peers = peersOf(options).filter(({ kinds }) => kinds.includes(work.what.kind));
  const end = performance.now() + seconds * 1000;
  for (const [i, peer] of peers.entries()) {
    const left = (end - performance.now()) / 1000;
    const own = small ? left : shareOf(left, peers.slice(i));
    const result: PeerResult = { name: peer.name, device: null, lines: [], missing: null };
    const changed = begin(result);
    const forms = work.what.kind === 'gemm' ? 24 : 8;
    const request: Request = {
      what: work.what,
      seconds: small ? 0.1 : Math.min(3, own / forms),
      until: 0.7 * own,
      onCpu: cpuPeers,
      data,
    };
    await ask([...peer.command, JSON.stringify(request)], { limit: own, result, changed });
  }
}

function peersOf({ ours, peers }: GpuBenchOptions): GpuPeer[] {
  const python = process.env['BENCH_PYTHON'] ?? 'python3';
  const script = (name: string) => [python, path.join(peers, name)];
  return [
    { name: 'Trainbench webgpu', command: ours, share: 2, kinds: all },
    { name: 'PyTorch', command: script('gpu_torch.py'), share: 3, kinds: all },
    { name: 'JAX, jit and scan', command: script('gpu_jax.py'), share: 1, kinds: ['w1', 'net'] },
  ];
}

/** Lines come in while the peer runs; one that takes too long is ended, and what it has said stays. */
async function ask(
  [program = '', ...args]: readonly string[],
  { limit, result, changed }: { limit: number; result: PeerResult; changed: () => void },
): Promise<void> {
  process.stderr.write(`${result.name}: up to ${Math.round(limit)} s\n`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors = `${errors}${text.toString()}`.slice(-2000)));
  const timer = setTimeout(() => child.kill('SIGKILL'), Math.max(5, limit) * 1000);
  const ended = new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      const said = errors.trim().split('\n');
      const last = said.findLast((line) => line.includes('Error')) ?? said.at(-1) ?? '';
      resolve(code === 0 ? null : signal === null ? last : 'ended when its time was up');
    });
  });
  for await (const text of createInterface({ input: child.stdout })) {
    if (!text.startsWith('{')) continue;
    take(JSON.parse(text) as Message, result);
    changed();
  }
  const problem = await ended;
  clearTimeout(timer);
  result.missing ??= problem;
  changed();
}

type Message = Line | { readonly device: string } | { readonly missing: string };

function take(message: Message, result: PeerResult): void {
  if ('device' in message) result.device = message.device;
  else if ('missing' in message) result.missing = message.missing;
  else result.lines.push(message);
}

/** Weights and rows that all peers begin with. */
async function dataFor({ name, what }: Work, folder: string): Promise<string | null> {
  const file = path.join(folder, `gpu-${name}.bin`);
  if (what.kind === 'net' && what.isCompared) {
    await writeImageData(file, imageData(imageNet(what.net, what.size)));
    return file;
  }
  if (what.kind !== 'w1') return null;
  const written = new Map<string, Uint8Array>();
  fillW1({ write: (buffer, { buffer: bytes }) => written.set(buffer, new Uint8Array(bytes)) });
  const layers = ['fc1', 'fc2', 'fc3'].flatMap((layer) => [`${layer}/kernel`, `${layer}/bias`]);
  const names = ['train/x', 'train/y', 'validation/x', 'validation/y'].map((n) => `data/${n}`);
  const rows = new Uint8Array(Int32Array.of(w1Rows.train, w1Rows.validation).buffer);
  writeFileSync(file, Buffer.concat([rows, ...[...names, ...layers].map((n) => written.get(n)!)]));
  return file;
}

/** From the repository. */
export async function runHere(args: readonly string[]): Promise<void> {
  const small = args.includes('--small');
  const folder = 'out/bench';
  const ours = [process.execPath, '--import', 'tsx', 'test/bench/gpu/ours.ts'];
  const results = small ? `${folder}/results-gpu-small.md` : 'test/bench/results-gpu.md';
  await runGpuBench(args, { ours, peers: 'test/bench/gpu/peers', folder, results });
}

/** Beside its own bundle, as pack.ts lays it out. */
export async function runPacked(args: readonly string[]): Promise<void> {
  const here = path.dirname(path.resolve(process.argv[1] ?? '.'));
  const own = path.join(here, 'node');
  const ours = [existsSync(own) ? own : process.execPath, path.join(here, 'ours.mjs')];
  const results = path.resolve(
    args.includes('--small') ? 'results-gpu-small.md' : 'results-gpu.md',
  );
  await runGpuBench(args, { ours, peers: here, folder: path.resolve('bench-data'), results });
}
