import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { copySample, keptCopy, listSamples } from '../../../src/extension/samples/sampleFolders.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const shipped = path.resolve(import.meta.dirname, '../../../samples');

describe('samples', () => {
  const folder = temporaryFolder();

  async function penguins() {
    const sample = (await listSamples(shipped)).find(({ name }) => name === 'penguins');
    assert.ok(sample);
    return sample;
  }

  it('are the folders with a config of their name', async () => {
    const { folder: from, config, about } = await penguins();
    assert.match(about, /species/);
    assert.ok(fs.existsSync(path.join(from, config)));
    fs.mkdirSync(path.join(folder(), 'empty'));
    fs.writeFileSync(path.join(folder(), 'file.train.yaml'), '');
    assert.deepEqual(await listSamples(folder()), []);
  });

  it('come in the order for newcomers: none that downloads much before those that do not', async () => {
    const names = (await listSamples(shipped)).map(({ name }) => name);
    assert.deepEqual(names, ['penguins', 'digits', 'cifar10-keras', 'cifar10-net']);
  });

  it('are copied with their data but without runs, and never over what is there', async () => {
    const sample = await penguins();
    const parent = path.join(folder(), 'new', 'place');
    const first = await copySample(sample, parent);
    const second = await copySample(sample, parent);
    assert.deepEqual(
      [first, second].map((copy) => path.basename(copy)),
      ['penguins', 'penguins-2'],
    );
    assert.ok(fs.existsSync(path.join(second, 'penguins.csv')));
    const text = fs.readFileSync(path.join(second, sample.config), 'utf8');
    assert.match(text, /explained in CONFIG\.md\./);
    assert.ok(fs.existsSync(path.join(second, 'CONFIG.md')));
    assert.ok(!fs.existsSync(path.join(second, 'runs')));
  });

  it('speak Spanish to those who do, in the list and in their copies, and train the same', async () => {
    const samples = await listSamples(shipped, 'es');
    const sample = samples.find(({ name }) => name === 'penguins');
    assert.match(sample?.about ?? '', /^Entran cinco datos de un pingüino/);
    const copy = await copySample(sample!, folder());
    const read = (parent: string) => fs.readFileSync(path.join(parent, sample!.config), 'utf8');
    assert.match(read(copy), /se explica en CONFIG\.es\.md\.\n/);
    assert.ok(fs.existsSync(path.join(copy, 'CONFIG.es.md')));
    assert.deepEqual(parse(read(copy)), parse(read(sample!.folder)));
  });

  it('have each of their comments in Spanish, and no other', async () => {
    const samples = await listSamples(shipped, 'es');
    const configs = samples.flatMap(({ folder: at }) =>
      fs
        .readdirSync(at)
        .filter((name) => name.endsWith('.train.yaml'))
        .map((name) => fs.readFileSync(path.join(at, name), 'utf8')),
    );
    const comments = configs.flatMap((text) =>
      [...text.matchAll(/# (.*)$/gm)].map(([, comment]) => comment!),
    );
    assert.deepEqual([...new Set(comments)].sort(), Object.keys(samples[0]!.comments).sort());
  });

  it('are found again with the changes of the user', async () => {
    const sample = await penguins();
    const first = await keptCopy(sample, folder());
    fs.writeFileSync(path.join(first, sample.config), 'mine');
    assert.equal(await keptCopy(sample, folder()), first);
    assert.equal(fs.readFileSync(path.join(first, sample.config), 'utf8'), 'mine');
  });
});
