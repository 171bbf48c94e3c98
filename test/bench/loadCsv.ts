/**
 * How long 1,000,000 rows x 20 columns take from the file to tensors, and the memory at its highest.
 * `node --import tsx test/bench/loadCsv.ts [rows]` prints one JSON line.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareData } from '../../src/core/data/prepareData.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';

const names = Array.from({ length: 20 }, (_, i) => `c${i}`);

async function writeCsv(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write(`${names.join()},y\n`);
  const cell = (row: number, column: number): string =>
    (((row * 7919 + column * 104_729) % 9_999_991) / 1e4).toFixed(4);
  for (let row = 0; row < rows; row++) {
    const line = `${names.map((_, column) => cell(row, column)).join()},${row % 3}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

async function main(rows: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'trainbench-load-'));
  try {
    const file = path.join(folder, 'large.csv');
    await writeCsv(file, rows);
    const text = `data: {path: large.csv, features: [${names.join(', ')}], target: y}
task: classification
model: [{type: Dense, units: 3, activation: softmax}]
training: {epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy}\n`;
    const configFile = path.join(folder, 'large.train.yaml');
    const { config, document } = parseConfig(text, configFile);
    if (config === null) throw new Error('the config of this script is wrong');
    const start = performance.now();
    const { data } = await prepareData({ config, document, configFile });
    const seconds = (performance.now() - start) / 1000;
    const megabytes = process.resourceUsage().maxRSS / 1024;
    const bytes = (await stat(file)).size;
    const trained = data?.train.rows ?? 0;
    const result = {
      rows,
      columns: names.length,
      fileMB: bytes / 1e6,
      trained,
      seconds,
      megabytes,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

await main(Number(process.argv[2] ?? 1_000_000));
