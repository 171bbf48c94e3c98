/** What a config names is what goes along: no more, no less. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { namedFiles } from '../../../src/core/data/namedFiles.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { scratchFolder } from '../../kit/scratchFolder.ts';

/** Paths from the folder of the config. */
async function named(data: string, files: readonly string[], more = ''): Promise<string[]> {
  const folder = scratchFolder();
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), file.endsWith('.csv') ? table : 'x');
  }
  const file = path.join(folder, 'a.train.yaml');
  const text = `
task: ${data.includes('target') ? 'classification' : 'image_classification'}
data: ${data}
model: [{ type: Flatten }, { type: Dense, units: 2, activation: softmax }]
training: { epochs: 1, batch_size: 1, optimizer: { type: SGD, learning_rate: 0.1 }, loss: sparse_categorical_crossentropy }
${more}`;
  const { config, diagnostics } = parseConfig(text, file);
  assert.ok(config !== null, JSON.stringify(diagnostics));
  const found = await namedFiles(config, file);
  return found.map((each) => path.relative(folder, each).replaceAll(path.sep, '/')).sort();
}

const table = 'path,label\nimages/a.png,0\nimages/b.png,1\n';

describe('the files that a config names', () => {
  it('are the table, unless it is downloaded or missing', async () => {
    const rest = 'features: [x], target: y }';
    assert.deepEqual(await named(`{ path: d/t.csv, ${rest}`, ['d/t.csv', 'd/u.csv']), ['d/t.csv']);
    assert.deepEqual(await named(`{ path: t.csv, ${rest}`, []), []);
    assert.deepEqual(await named(`{ path: 'https://x.example/t.csv', ${rest}`, ['t.csv']), []);
  });

  it('are the images of a folder, or of a table with it, and those to predict', async () => {
    const files = ['i/a/1.png', 'i/b/2.jpg', 'i/b/notes.txt', 'i/top.png', 'p.png', 'q.png'];
    const predict = 'predict: [{ image: p.png }]';
    assert.deepEqual(await named('{ format: images, path: i }', files, predict), [
      'i/a/1.png',
      'i/b/2.jpg',
      'p.png',
    ]);
    const listed = ['l.csv', 'images/a.png', 'images/b.png', 'images/c.png'];
    assert.deepEqual(await named('{ format: images, path: l.csv }', listed), [
      'images/a.png',
      'images/b.png',
      'l.csv',
    ]);
  });

  it('are the parts of MNIST, CIFAR and NumPy', async () => {
    const mnist = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'];
    assert.deepEqual(await named(`{ path: ${mnist[0]} }`, [...mnist, 'x.gz']), mnist);
    const folder = mnist.map((name) => `m/${name}`);
    assert.deepEqual(await named('{ format: idx, path: m }', [...folder, 'm/readme']), folder);
    const cifar = ['c/batches.meta.txt', 'c/data_batch_1.bin', 'c/test_batch.bin'];
    assert.deepEqual(await named('{ format: cifar10, path: c }', [...cifar, 'c/x.bin']), cifar);
    assert.deepEqual(await named('{ format: cifar10 }', cifar), []);
    assert.deepEqual(await named('{ path: x.npy, labels: y.npy }', ['x.npy', 'y.npy', 'z.npy']), [
      'x.npy',
      'y.npy',
    ]);
  });
});
