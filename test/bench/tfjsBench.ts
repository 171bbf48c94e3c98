/** W2 and W3 in TensorFlow.js, whose only backend for Node that can train them is the slow one: a few steps are enough. */
import { checkLosses, imagePeers } from './imageBench.ts';
import { type ImageNetName, imageSize } from './imageNets.ts';
import type { Setting } from './part.ts';
import { alternate, ask, type Peer, type Reply } from './peer.ts';
import { digits, markdownTable, median } from './table.ts';

/** Of W3 a smaller batch: 32 images take minutes. */
const batches = { w2: 4, w3: 2 };

export async function tfjsSection(setting: Setting): Promise<string> {
  const rows: string[][] = [];
  for (const net of ['w2', 'w3'] as const) rows.push(await tfjsRow(setting, net));
  const heads = ['', 'ours: ms a step', 'TensorFlow.js, cpu', '/ ours', 'TensorFlow.js, wasm'];
  const title = '## W2 and W3 in TensorFlow.js, one thread';
  return [title, markdownTable(heads, rows)].join('\n\n');
}

async function tfjsRow(setting: Setting, net: ImageNetName): Promise<string[]> {
  const size = { ...imageSize(net), batch: batches[net] };
  const [ours] = await imagePeers(setting, { net, size, threads: 1, seconds: 1 });
  const data = `${setting.folder}/${net}-${size.batch}-${size.width}.bin`;
  const work = (backend: string): Peer => ({
    name: `TensorFlow.js, ${backend}`,
    command: [
      process.execPath,
      'test/bench/peers/imageNetTfjs.mjs',
      ...[net, backend, `${size.batch}`, data],
    ],
  });
  const samples = alternate([ours!, work('cpu')], 1);
  checkLosses(samples);
  const [own, cpu] = samples.map(({ wall }) => median(wall)) as [number, number];
  const title = `${net.toUpperCase()}, batch ${size.batch}`;
  return [title, digits(own), digits(cpu), digits(cpu / own), inWasm(work('wasm'))];
}

/** Its time, or why it cannot. */
function inWasm(peer: Peer): string {
  const { milliseconds, missing } = ask(peer) as Reply & { missing?: string };
  return missing ?? digits(median(milliseconds));
}
