/** W1, the penguins lab: ours, compiled C, PyTorch and TensorFlow.js on one thread. */
import { spawnSync } from 'node:child_process';
import type { Setting } from './part.ts';
import { alternate, coreCommand, type Peer, pythonPeer, type Sample } from './peer.ts';
import { digits, median, timingTable } from './table.ts';
import { writeW1Data } from './w1Data.ts';

const rounds = 5;
const epochs = '100';
/** TensorFlow.js takes seconds for an epoch: it runs fewer, and its times are scaled. */
const tfjsEpochs = 10;
const torchName = 'PyTorch optimised';
const compiledName = 'C, gcc -O3 -march=native -ffast-math';

export async function w1Section(setting: Setting): Promise<string> {
  const data = `${setting.folder}/w1.bin`;
  await writeW1Data(data);
  const compiled = compileC(setting.folder);
  const samples = alternate(peers(setting, data, compiled === null), rounds);
  for (const sample of samples) scale(sample);
  const left = [setting.torchMissing, compiled].filter((reason) => reason !== null);
  const cold = samples
    .filter((sample) => sample.cold.length > 0)
    .map((sample) => `${sample.name}: ${digits(median(sample.cold))} ms`);
  return [
    '## W1: the penguins lab, 100 epochs (957 rows in batches of 20, 411 validation rows), one thread',
    timingTable(samples, 'ms'),
    `A whole run in the core against PyTorch optimised: **${ratio(samples, torchName)}** (target 150 x). Against compiled C: **${ratio(samples, compiledName)}** (target 1 x).`,
    `The program alone, without records, metrics and run directory: ${ratio(samples, torchName, 1)} and ${ratio(samples, compiledName, 1)}; what is between the two, ${bookkeeping(samples)} microseconds an epoch, is the core’s bookkeeping.`,
    `The first 100 epochs of a process: ${cold.join('; ')}. \`trainbench train\` on the penguins from process start to exit: ${digits(wholeCommand(setting.folder))} ms.`,
    'Vectors of 256 bits change nothing here: a net so small never pays for trying them out.',
    ...left.map((text) => `Left out: ${text}`),
  ].join('\n\n');
}

function peers({ node, folder, torchMissing }: Setting, data: string, hasC: boolean): Peer[] {
  const core = (which: string) => coreCommand(node, 'w1Ours.ts', which, epochs, '10');
  const torch = (which: string): Peer =>
    pythonPeer(`PyTorch ${which}`, {
      script: 'w1_torch.py',
      args: [data, which, '1', epochs, '1'],
      threads: 1,
    });
  const tfjs = (backend: string): Peer => ({
    name: `TensorFlow.js, ${backend}`,
    command: [
      process.execPath,
      'test/bench/peers/w1Tfjs.mjs',
      ...[data, backend, `${tfjsEpochs}`, '1'],
    ],
  });
  const compiled = {
    name: compiledName,
    command: [`${folder}/w1`, data, epochs, '10'],
  };
  return [
    { name: 'Trainbench wasm, run in the core', command: core('run') },
    { name: 'Trainbench wasm, program', command: core('program') },
    ...(hasC ? [compiled] : []),
    ...(torchMissing === null ? [torch('optimised'), torch('naive')] : []),
    tfjs('cpu'),
    tfjs('wasm'),
  ];
}

function scale({ name, wall }: Sample): void {
  if (!name.startsWith('TensorFlow.js')) return;
  wall.forEach((time, i) => (wall[i] = (time * Number(epochs)) / tfjsEpochs));
}

/** How many times our time the peer's is; ours is sample `own`. */
function ratio(samples: readonly Sample[], name: string, own = 0): string {
  const peer = samples.find((sample) => sample.name === name);
  if (peer === undefined) return 'not measured';
  return `${digits(median(peer.wall) / median(samples[own]!.wall))} x`;
}

/** Microseconds an epoch. */
function bookkeeping([run, program]: readonly Sample[]): string {
  return digits(((median(run!.wall) - median(program!.wall)) * 1000) / Number(epochs));
}

/** Why it could not be compiled, or null. */
function compileC(folder: string): string | null {
  const flags = ['-O3', '-march=native', '-ffast-math'];
  const files = ['test/bench/w1.c', '-o', `${folder}/w1`, '-lm'];
  const { status, error } = spawnSync('gcc', [...flags, ...files]);
  return status === 0 ? null : `gcc did not compile w1.c${error ? ` (${error.message})` : ''}`;
}

/** From start to exit of the command line, for people: this includes two Node starts and the run directory. */
function wholeCommand(folder: string): number {
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const args = ['dist/cli.cjs', 'train', 'samples/penguins/penguins.train.yaml', '--json'];
    const { status } = spawnSync(process.execPath, [...args, '--out', `${folder}/runs`]);
    if (status !== 0) throw new Error('trainbench train failed; run `npm run build` first');
    return performance.now() - started;
  });
  return median(times);
}
