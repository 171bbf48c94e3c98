/**
 * `npm run bench`: our core against its peers on the same rows, weights and machine, in one run. Peers alternate over
 * several rounds, so that a slow moment of a shared machine hits all of them. Ratios are what to read; absolute
 * times are of one machine in one sitting. Writes test/bench/results.md; `npm run bench -- images` only its part
 * about convolutional nets.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { coreNodeFlags } from '../../src/coreProcess/forkCore.ts';
import { findRuntime } from '../../src/coreProcess/runtime.ts';
import { imageSections } from './imageBench.ts';
import { pythonHas } from '../kit/python.ts';
import { median, digits, timingTable, type Timing } from './table.ts';
import { writeW1Data } from './w1Data.ts';

interface Peer {
  readonly command: readonly string[];
  /** Why it is left out, or null. */
  readonly missing: string | null;
}

interface Measured extends Timing {
  readonly loss: number;
  /** First run of a process, where the peer tells it. */
  readonly cold?: number;
}

const folder = 'out/bench';
const data = `${folder}/w1.bin`;
const rounds = 5;
const epochs = '100';
const ours = 'Trainbench wasm, run in the core';

const node = findRuntime({ bundleFolder: path.resolve('dist') }).executable;
const torchMissing = pythonHas('torch') ? null : 'PyTorch is not installed (python3-torch)';

function compileC(): string | null {
  const flags = ['-O3', '-march=native', '-ffast-math'];
  const { status, error } = spawnSync('gcc', [
    ...flags,
    'test/bench/w1.c',
    '-o',
    `${folder}/w1`,
    '-lm',
  ]);
  return status === 0 ? null : `gcc did not compile it${error ? ` (${error.message})` : ''}`;
}

function peers(): Peer[] {
  const oursPeer = 'test/bench/peers/w1Ours.ts';
  const core = [node, ...coreNodeFlags, '--import', 'tsx'];
  const torch = (which: string, repeats: string) => ({
    command: [
      '/usr/bin/python3',
      'test/bench/peers/w1_torch.py',
      data,
      which,
      '1',
      epochs,
      repeats,
    ],
    missing: torchMissing,
  });
  const tfjs = (backend: string) => ({
    command: [process.execPath, 'test/bench/peers/w1Tfjs.mjs', data, backend, '10', '1'],
    missing: null,
  });
  return [
    { command: [...core, oursPeer, 'run', epochs, '10'], missing: null },
    { command: [...core, oursPeer, 'program', epochs, '10'], missing: null },
    { command: [`${folder}/w1`, data, epochs, '10'], missing: compileC() },
    torch('optimised', '1'),
    torch('naive', '1'),
    tfjs('cpu'),
    tfjs('wasm'),
  ];
}

function measure({ command }: Peer): Measured {
  const [program = '', ...args] = command;
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured;
}

/** The median of each round, by peer; TensorFlow.js runs 10 epochs, so its times are scaled to 100. */
function measureAll(chosen: readonly Peer[]): Timing[] {
  const timings = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const peer of chosen) {
      const { peer: name, milliseconds, cold } = measure(peer);
      const scale = name.startsWith('TensorFlow.js') ? 10 : 1;
      const add = (row: string, value: number) =>
        timings.set(row, [...(timings.get(row) ?? []), value]);
      add(name, median(milliseconds) * scale);
      if (cold !== undefined) add(`${name}, first of its process`, cold);
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  return [...timings].map(([peer, milliseconds]) => ({ peer, milliseconds }));
}

/** From start to exit of the command line, for people: this includes two Node starts and the run directory. */
function wholeCommand(): number {
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const args = ['dist/cli.cjs', 'train', 'samples/penguins/penguins.train.yaml', '--json'];
    const { status } = spawnSync(process.execPath, [...args, '--out', `${folder}/runs`]);
    if (status !== 0) throw new Error('trainbench train failed; run `npm run build` first');
    return performance.now() - started;
  });
  return median(times);
}

function report(timings: readonly Timing[], left: readonly string[]): string {
  const of = (fits: (peer: string) => boolean) => timings.find(({ peer }) => fits(peer));
  const own = median(of((peer) => peer === ours)!.milliseconds);
  const ratio = (fits: (peer: string) => boolean) => {
    const peer = of(fits);
    return peer === undefined ? 'not measured' : `${digits(median(peer.milliseconds) / own)} x`;
  };
  const torch = ratio((peer) => peer.startsWith('PyTorch') && peer.endsWith('optimised'));
  const compiled = ratio((peer) => peer.startsWith('C,'));
  return [
    '# Benchmarks',
    '',
    `Made by \`npm run bench\` on ${os.cpus()[0]!.model.trim()}, ${os.cpus().length} cores, ${os.type()} ${os.arch()};`,
    `core on Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}, one thread each.`,
    '',
    '## W1: the penguins lab, 100 epochs (957 rows in batches of 20, 411 validation rows), milliseconds',
    '',
    timingTable(timings, ours),
    '',
    `Against PyTorch optimised: ${torch} (target 150 x). Against compiled C: ${compiled} (target 1 x).`,
    `\`trainbench train\` on the penguins from process start to exit: ${digits(wholeCommand())} ms.`,
    ...left.map((text) => `Left out: ${text}`),
    '',
  ].join('\n');
}

mkdirSync(folder, { recursive: true });
const results = 'test/bench/results.md';
const known = existsSync(results) ? readFileSync(results, 'utf8') : '';
/** What is about convolutional nets begins here. */
const border = known.includes('## W2') ? known.indexOf('## W2') : known.length;
const only = process.argv[2];
const first = only === 'images' ? known.slice(0, border) : await smallNets();
const second =
  only === 'w1' ? known.slice(border) : await imageSections(node, folder, torchMissing);
const text = `${first.trimEnd()}\n\n${second.trimEnd()}\n`;
writeFileSync(results, text);
process.stdout.write(text);

async function smallNets(): Promise<string> {
  await writeW1Data(data);
  const all = peers();
  const left = all.flatMap(({ missing }) => missing ?? []);
  return report(measureAll(all.filter(({ missing }) => missing === null)), left);
}
