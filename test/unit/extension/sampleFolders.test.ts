import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
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
    assert.ok(!fs.existsSync(path.join(second, 'runs')));
  });

  it('are found again with the changes of the user', async () => {
    const sample = await penguins();
    const first = await keptCopy(sample, folder());
    fs.writeFileSync(path.join(first, sample.config), 'mine');
    assert.equal(await keptCopy(sample, folder()), first);
    assert.equal(fs.readFileSync(path.join(first, sample.config), 'utf8'), 'mine');
  });
});
