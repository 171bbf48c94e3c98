import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../../../src/core/train/readConfig.ts';

describe('readConfig', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'trainbench-config-'))));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, bytes: Buffer): void =>
    writeFileSync(path.join(folder, name), bytes);

  it('leaves out a byte order mark, which would shift the columns of the first line', async () => {
    write('bom.yaml', Buffer.from('\ufeffname: ü\n'));
    assert.equal(await readConfig(path.join(folder, 'bom.yaml')), 'name: ü\n');
  });

  for (const [what, name, bytes, reason] of [
    ['a missing file', 'none.yaml', null, /none\.yaml: there is no such file$/],
    ['a folder', '.', null, /: it is a folder; name a config in it$/],
    ['Latin-1', 'latin.yaml', Buffer.from('name: ü', 'latin1'), /: it is not UTF-8; save it/],
    ['UTF-16', 'utf16.yaml', Buffer.from('\ufeffname: a', 'utf16le'), /: it is not UTF-8; save it/],
  ] as const) {
    it(`says why ${what} cannot be read`, async () => {
      if (bytes !== null) write(name, bytes);
      await assert.rejects(readConfig(path.join(folder, name)), {
        code: 'file.notFound',
        message: reason,
      });
    });
  }
});
