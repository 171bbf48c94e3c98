/** How cost grows: with the batch and the width of the convolutional nets, and with the rows of a table. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { operationsOf } from '../../src/core/ir/operations.ts';
import { checkLosses, imagePeers, torchRatio } from './imageBench.ts';
import { imageNet, type ImageNetName, type ImageNetSize, imageSize } from './imageNets.ts';
import type { Setting } from './part.ts';
import {
  ask,
  askEach,
  coreCommand,
  noSamples,
  type Peer,
  pythonPeer,
  type Sample,
} from './peer.ts';
import { digits, markdownTable, median, spread } from './table.ts';
import { writeTableData } from './w1Data.ts';

/** Through all sizes, so that a slow moment of the machine, which may last for seconds, does not hit one of them alone. */
const rounds = 6;
/** Peers are asked in each of so many rounds. */
const peersEvery = 3;
const batches = [1, 4, 32, 128, 512];
const widths = [1, 2, 4];
const rowCounts = [1e3, 1e4, 1e5, 1e6];

export function batchSection(setting: Setting, net: ImageNetName): Promise<string> {
  const sizes = batches.map((batch) => ({ batch, width: 1 }));
  return growth(setting, net, { head: 'batch', sizes, of: ({ batch }) => batch });
}

export function widthSection(setting: Setting, net: ImageNetName): Promise<string> {
  const { batch } = imageSize(net);
  const sizes = widths.map((width) => ({ batch, width }));
  return growth(setting, net, { head: 'width', sizes, of: ({ width }) => width });
}

interface Growth {
  readonly head: string;
  readonly sizes: readonly ImageNetSize[];
  readonly of: (size: ImageNetSize) => number;
}

async function growth(setting: Setting, net: ImageNetName, what: Growth): Promise<string> {
  const measured = await measureSizes(setting, net, what);
  const names = measured[0]!.samples.slice(1).map(({ name }) => name);
  const heads = [
    ...[what.head, 'ours', 'min - max', ...names, 'PyTorch’s faster / ours'],
    ...['ours: GFLOP/s', 'MB'],
  ];
  const falls = [0, ...(setting.torchMissing === null ? [2, 3] : [])].map((peer) => {
    const { name } = measured[0]!.samples[peer]!;
    return `${name} ${digits(lowestAfterBest(measured.map((each) => gflops(each, peer))))}`;
  });
  return [
    `## How cost grows with the ${what.head} of ${net.toUpperCase()}: microseconds a sample, one thread`,
    markdownTable(heads, measured.map(growthCells)),
    `Operations a second, lowest over the best of a smaller size (1: they never fall): ${falls.join(', ')}.`,
  ].join('\n\n');
}

async function measureSizes(
  setting: Setting,
  net: ImageNetName,
  { sizes, of }: Growth,
): Promise<Measured[]> {
  const turns = await Promise.all(
    sizes.map(async (size) => {
      const peers = await imagePeers(setting, { net, size, threads: 1, seconds: 1 });
      return { size, peers, samples: noSamples(peers) };
    }),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { peers, samples } of turns) {
      askEach(round % peersEvery === 0 ? peers : peers.slice(0, 1), samples);
    }
    process.stderr.write(`round ${round + 1} of ${rounds}: all sizes\n`);
  }
  return turns.map(({ size, samples }) => {
    checkLosses(samples);
    const operations = operationsOf(imageNet(net, size).program.loops[0]!);
    return { name: `${of(size)}`, samples, batch: size.batch, operations };
  });
}

interface Measured {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly batch: number;
  /** In one step, with convolutions counted as direct ones. */
  readonly operations: number;
}

function gflops({ samples, operations }: Measured, peer: number): number {
  return operations / median(samples[peer]!.wall) / 1e6;
}

/** At most 1: how far speeds fall behind an earlier one. */
function lowestAfterBest(speeds: readonly number[]): number {
  return Math.min(...speeds.map((speed, i) => speed / Math.max(...speeds.slice(0, i + 1))));
}

function growthCells(measured: Measured): string[] {
  const { name, samples, batch } = measured;
  const each = (times: readonly number[]): number[] => times.map((ms) => (ms * 1000) / batch);
  const [own, ...others] = samples;
  return [
    name,
    digits(median(each(own!.wall))),
    spread(each(own!.wall)),
    ...others.map(({ wall }) => digits(median(each(wall)))),
    others.length > 1 ? digits(torchRatio(samples, ({ wall }) => wall)) : '',
    digits(gflops(measured, 0)),
    digits(own!.reply.megabytes ?? NaN),
  ];
}

/** Of a row: five numbers, in a random order of rows at a place of their own. */
const rowBytes = 20;
const cacheLine = 64;
/** Of each table; the first ones of a process are slow. */
const rowsTrained = 5e6;
const tableRounds = 5;

/** Nanoseconds a training row. */
interface EpochParts {
  /** Making the order of an epoch. */
  readonly ordering: number;
  /** Its steps, with the rows in that order. */
  readonly shuffled: number;
  readonly inOrder: number;
}

interface TableReply {
  readonly milliseconds: readonly number[];
  readonly parts: EpochParts;
  readonly loss: number;
  /** From the file to tensors. */
  readonly reading?: number;
  readonly megabytes?: number;
}

/** W1's net on tables of more and more rows, from the file on. */
export async function rowsSection(setting: Setting): Promise<string> {
  const tables: Table[] = [];
  for (const count of rowCounts) tables.push(await makeTable(setting, count));
  for (let round = 0; round < tableRounds; round++) {
    for (const { own, replies } of tables) replies.push(ask(own) as TableReply);
    process.stderr.write(`round ${round + 1} of ${tableRounds}: tables\n`);
  }
  const heads = [
    ...[
      'rows',
      'ours: ns a sample',
      'min - max',
      'PyTorch optimised: ns a sample',
      'PyTorch / ours',
    ],
    ...['making an order', 'steps, rows shuffled', 'steps, rows as in the file'],
    ...['reading the CSV: us a row', 'MB, ours'],
  ];
  return [
    '## How cost grows with the rows of a table: W1’s net (batches of 20, Adam), one thread',
    markdownTable(
      heads,
      tables.map((table) => tableCells(setting, table)),
    ),
    `A sample is a row in an epoch of training with its share of the validation, of ${(rowsTrained / 1e6).toString()} million that a process trains. Ours is a whole run in the core, records and run directory included. Beside it, by themselves and warm, in nanoseconds a training row: making the order of an epoch, and its steps with the rows in that order and in the order of the file.`,
    scatterText(tables.map(partsOf)),
  ].join('\n\n');
}

/** What a row of the largest table takes longer than one of a smaller, and why. */
function scatterText(parts: readonly EpochParts[]): string {
  const last = parts.at(-1)!;
  const least = (part: keyof EpochParts): string =>
    digits(Math.min(...parts.map((each) => each[part])));
  const megabytes = digits((rowBytes * rowCounts.at(-1)!) / 1e6);
  const scattered = last.shuffled - last.inOrder;
  const lines = 1 + (rowBytes - 4) / cacheLine;
  return [
    `In the order of the file a row of the largest table takes ${digits(last.inOrder)} ns, of any ${least('inOrder')} and more: the steps themselves do not grow.`,
    `Shuffled it takes ${digits(last.shuffled)}, of any ${least('shuffled')} and more. Its numbers lie anywhere in ${megabytes} MB, which no second cache holds, and ${digits(lines)} lines of ${cacheLine} bytes are fetched for them: ${digits(scattered)} ns are ${digits((lines * cacheLine) / scattered)} GB/s.`,
    'Fetching the rows of many steps at once, ahead of them, takes as long: it is not that a step waits for each, but how many lines of memory come in a second.',
  ].join(' ');
}

interface Table {
  readonly count: number;
  readonly epochs: number;
  readonly own: Peer;
  /** Its training rows for PyTorch, and how many. */
  readonly data: string;
  readonly trained: number;
  readonly replies: TableReply[];
}

async function makeTable(setting: Setting, count: number): Promise<Table> {
  const config = await writeTable(setting.folder, count);
  const epochs = Math.max(1, Math.round(rowsTrained / count));
  const data = `${setting.folder}/rows-${count}.bin`;
  const trained = await writeTableData(config, data);
  const command = coreCommand(setting.node, 'tableOurs.ts', config, `${epochs}`);
  return { count, epochs, own: { name: 'ours', command }, data, trained, replies: [] };
}

function partsOf({ replies }: Table): EpochParts {
  const part = (name: keyof EpochParts): number => median(replies.map(({ parts }) => parts[name]));
  return {
    ordering: part('ordering'),
    shuffled: part('shuffled'),
    inOrder: part('inOrder'),
  };
}

function tableCells(setting: Setting, table: Table): string[] {
  const { count, epochs, trained, data, replies } = table;
  const ours = replies
    .flatMap(({ milliseconds }) => milliseconds)
    .map((ms) => (ms * 1e6) / (trained * epochs));
  const torch = setting.torchMissing === null ? torchTime(data, trained) : null;
  const reading = replies.map(({ reading: ms = NaN }) => (ms * 1000) / count);
  const { ordering, shuffled, inOrder } = partsOf(table);
  return [
    count.toLocaleString('en'),
    digits(median(ours)),
    spread(ours),
    torch === null ? '' : digits(torch),
    torch === null ? '' : digits(torch / median(ours)),
    ...[ordering, shuffled, inOrder].map(digits),
    digits(median(reading)),
    digits(Math.max(...replies.map(({ megabytes = 0 }) => megabytes))),
  ];
}

/** Nanoseconds a sample; some seconds of it. */
function torchTime(data: string, trained: number): number {
  const epochs = Math.max(1, Math.round(1e5 / trained));
  const args = [data, 'optimised', '1', `${epochs}`, '1'];
  const { milliseconds } = ask(
    pythonPeer('', { script: 'w1_torch.py', args, threads: 1 }),
  ) as TableReply;
  return (median(milliseconds) * 1e6) / (trained * epochs);
}

/** A table like the penguins': five numbers that tell one of three kinds; and a config for it. */
async function writeTable(folder: string, count: number): Promise<string> {
  const name = `${folder}/rows-${count}`;
  const out = createWriteStream(`${name}.csv`);
  out.write('a,b,c,d,e,kind\n');
  for (let start = 0; start < count; start += 1000) {
    const lines = Array.from({ length: Math.min(1000, count - start) }, (_, i) => line(start + i));
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  await writeFile(
    `${name}.train.yaml`,
    `data: {path: rows-${count}.csv, features: [a, b, c, d, e], target: kind}
task: classification
model:
  - {type: Dense, units: 10, activation: relu}
  - {type: Dense, units: 10, activation: relu}
  - {type: Dense, units: 3}
training:
  {epochs: 1, batch_size: 20, optimizer: {type: Adam, learning_rate: 0.001}, loss: {type: sparse_categorical_crossentropy, from_logits: true}}
`,
  );
  return `${name}.train.yaml`;
}

function line(row: number): string {
  const kind = row % 3;
  const noise = (column: number): number => ((row * 7919 + column * 104_729) % 9973) / 9973 - 0.5;
  const cells = [0, 1, 2, 3, 4].map((column) =>
    (noise(column) + (kind === column ? 1 : 0)).toFixed(4),
  );
  return `${cells.join()},k${kind}\n`;
}
