/** What lies in storage accounts, up and down and looked at: blobs in Azurite, blobs and shares in the rig's own services. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { explained } from '../../src/azure/explain.ts';
import { StorageAccess } from '../../src/azure/storage/access.ts';
import { BlobService } from '../../src/azure/storage/blobStore.ts';
import { FileService } from '../../src/azure/storage/fileStore.ts';
import { accountsOf, accountNameProblem } from '../../src/azure/storage/storageAccounts.ts';
import type { StorageAccount } from '../../src/azure/storage/storageAccounts.ts';
import type { Store } from '../../src/azure/storage/store.ts';
import { walk } from '../../src/azure/storage/store.ts';
import {
  download,
  planDownload,
  planUpload,
  removeBelow,
  upload,
  uploadsInTheWay,
} from '../../src/azure/storage/transfers.ts';
import type { Progress } from '../../src/azure/storage/transfers.ts';
import { rigKey } from '../../src/azureRig/storage/stores.ts';
import { redact } from '../../src/shared/redact.ts';
import { startAzurite } from './azurite.ts';
import type { Azurite } from './azurite.ts';
import { penguins, useRig } from './rigKit.ts';

const megabyte = 2 ** 20;

describe('storage', () => {
  let azurite: Azurite;
  let folder = '';
  // Before the rig's own, which may fail: Azurite would keep the process alive.
  after(() => {
    azurite.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const test = useRig();

  before(async () => {
    azurite = await startAzurite(['penguinsstore']);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-storage-'));
    fs.mkdirSync(path.join(folder, 'data', 'deep'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'data', 'small.csv'), 'a,b\n1,2\n');
    fs.writeFileSync(path.join(folder, 'data', 'empty'), '');
    fs.writeFileSync(path.join(folder, 'data', 'deep', 'ñandú & <co>.txt'), 'odd name');
    fs.writeFileSync(path.join(folder, 'data', 'large.bin'), noise(9 * megabyte + 7));
  });

  async function account(): Promise<StorageAccount> {
    const [found] = await accountsOf(test.connect(), penguins.subscriptionId).first();
    assert.ok(found);
    return found;
  }

  const stores: Readonly<Record<string, () => Promise<Store>>> = {
    async 'blobs in Azurite'() {
      const own = await account();
      const address = `${azurite.address}/${own.name}/`;
      const service = new BlobService(
        own.name,
        await new StorageAccess(test.connect()).enter(own, address),
      );
      const names = (await service.list(undefined)).items;
      if (!names.includes('test')) await service.create('test');
      return service.store('test');
    },
    async "blobs in the rig's own service"() {
      const own = await account();
      const entrance = await new StorageAccess(test.connect()).enter(own, own.blobs ?? '');
      const service = new BlobService(own.name, entrance);
      if (!(await service.list(undefined)).items.includes('test')) await service.create('test');
      return service.store('test');
    },
    async "a share in the rig's own service"() {
      const own = await account();
      const entrance = await new StorageAccess(test.connect()).enter(own, own.files ?? '');
      const service = new FileService(own.name, entrance);
      if (!(await service.list(undefined)).items.includes('test')) await service.create('test');
      return service.store('test');
    },
  };

  for (const [what, open] of Object.entries(stores)) {
    describe(what, () => {
      let store: Store;
      before(async () => {
        store = await open();
      });

      it('takes a folder with progress in bytes, shows it, and gives it back the same', async () => {
        const jobs = await planUpload([path.join(folder, 'data')], 'in');
        const seen: Progress[] = [];
        await upload(store, jobs, { overwrites: [], onProgress: (step) => void seen.push(step) });
        const last = seen.at(-1);
        assert.deepEqual(last && { ...last, current: '' }, {
          bytes: 9 * megabyte + 7 + 16,
          totalBytes: 9 * megabyte + 7 + 16,
          files: 4,
          totalFiles: 4,
          current: '',
        });
        assert.ok(seen.length > 6, 'the large file tells of its parts');
        const top = await store.page('in/data', undefined);
        assert.deepEqual(
          top.items.map(({ kind, path: at, size }) => [kind, at, size]),
          [
            ['folder', 'in/data/deep', null],
            ['file', 'in/data/empty', 0],
            ['file', 'in/data/large.bin', 9 * megabyte + 7],
            ['file', 'in/data/small.csv', 8],
          ],
        );
        const item = { kind: 'folder', path: 'in/data', size: null, modified: null } as const;
        const down = path.join(folder, `down-${what.length}`);
        await download(store, await planDownload(store, [item], { localFolder: down }));
        assert.deepEqual(digests(path.join(down, 'data')), digests(path.join(folder, 'data')));
      });

      it('asks before it replaces, and replaces what it may', async () => {
        const local = path.join(folder, 'data', 'small.csv');
        const jobs = await planUpload([local], 'in/data');
        const again = await uploadsInTheWay(store, jobs);
        assert.equal(again.length, 1);
        const refused = explained({ what: 'small.csv', role: 'Reader' }, () =>
          upload(store, jobs, { overwrites: [] }),
        );
        await assert.rejects(refused, { code: 'azure.nameTaken' });
        await upload(store, jobs, { overwrites: again });
      });

      it('leaves nothing under the name where it is cancelled on its way', async () => {
        const stop = new AbortController();
        const jobs = await planUpload([path.join(folder, 'data', 'large.bin')], 'cancelled');
        const onProgress = ({ bytes }: Progress) => {
          if (bytes > megabyte) stop.abort();
        };
        const up = upload(store, jobs, { overwrites: [], signal: stop.signal, onProgress });
        await assert.rejects(
          explained({ what: 'large.bin', role: 'Reader' }, () => up),
          { code: 'protocol.cancelled' },
        );
        const left: string[] = [];
        for await (const { kind, path: at } of walk(store, 'cancelled')) {
          if (kind === 'file') left.push(at);
        }
        assert.deepEqual(left, []);

        const down = path.join(folder, 'cancelled');
        const again = new AbortController();
        const item = {
          kind: 'file',
          path: 'in/data/large.bin',
          size: 9 * megabyte,
          modified: null,
        } as const;
        const plan = await planDownload(store, [item], { localFolder: down });
        const stopped = download(store, plan, {
          signal: again.signal,
          onProgress: () => again.abort(),
        });
        await assert.rejects(
          explained({ what: 'large.bin', role: 'Reader' }, () => stopped),
          { code: 'protocol.cancelled' },
        );
        assert.deepEqual(fs.readdirSync(down), []);
      });

      it('takes away a folder with all that is in it, and says what is not there', async () => {
        await removeBelow(store, 'in', {});
        assert.deepEqual(
          (await store.page('in', undefined).catch(() => ({ items: [] }))).items,
          [],
        );
        const item = { kind: 'file', path: 'gone.csv', size: 1, modified: null } as const;
        const plan = await planDownload(store, [item], { localFolder: folder });
        const missing = explained({ what: 'gone.csv', role: 'Reader' }, () =>
          download(store, plan),
        );
        await assert.rejects(missing, { code: 'azure.notFound' });
        assert.ok(!fs.existsSync(path.join(folder, 'gone.csv')));
      });
    });
  }

  it('never writes outside the folder, whatever a blob is called', async () => {
    const store = await stores["blobs in the rig's own service"]!();
    for (const name of ['x/../../out.txt', 'x/a/../../../out.txt', 'x/..']) {
      const item = { kind: 'file', path: name, size: 1, modified: null } as const;
      const plan = planDownload(
        { ...bound(store), page: () => Promise.resolve({ items: [item], next: undefined }) },
        [{ kind: 'folder', path: 'x', size: null, modified: null }],
        { localFolder: path.join(folder, 'safe') },
      );
      await assert.rejects(plan, { code: 'input.invalid', message: /leads out of the folder/ });
    }
  });

  it('lists page by page, and no folder twice', async () => {
    const store = await stores['blobs in Azurite']!();
    const many = path.join(folder, 'many');
    fs.mkdirSync(many);
    for (let i = 0; i < 205; i++) fs.writeFileSync(path.join(many, `${1000 + i}.txt`), '');
    await upload(store, await planUpload([many], ''), { overwrites: [] });
    const first = await store.page('many', undefined);
    assert.equal(first.items.length, 200);
    const second = await store.page('many', first.next);
    assert.equal(second.items.length, 5);
    assert.equal(second.next, undefined);
  });

  it('sends no key to the log, nor to another host', async () => {
    const store = await stores['blobs in Azurite']!();
    await store.page('', undefined);
    const lines = test.log.join('\n');
    assert.match(lines, /GET \/penguinsstore\/test\?.*comp=list/);
    assert.ok(!lines.includes(rigKey) && !/SharedKey|Signature/i.test(lines));
    assert.doesNotMatch(redact(JSON.stringify({ keys: [{ value: rigKey }] })), /dHJhaW5iZW5jaC/);
    const own = await account();
    for (const address of [
      'https://penguinsstore.blob.core.windows.net.evil.example/',
      'http://169.254.169.254/',
      'http://user@127.0.0.1/',
    ]) {
      const entered = new StorageAccess(test.connect()).enter(own, address);
      await assert.rejects(entered, { code: 'azure.foreignHost' });
    }
    assert.equal(test.rig.requests.filter((request) => /listKeys/.test(request)).length > 0, true);
  });

  it('goes on with the user’s own identity where keys are not for him', async () => {
    test.rig.faults.add({
      at: /listKeys$/,
      answer: {
        status: 403,
        headers: {},
        body: { error: { code: 'AuthorizationFailed', message: '' } },
      },
    });
    const own = await account();
    const entrance = await new StorageAccess(test.connect()).enter(own, own.blobs ?? '');
    assert.equal(entrance.key, null);
    const { items } = await new BlobService(own.name, entrance).list(undefined);
    assert.ok(items.includes('lab-data'));
  });

  it('waits as the service asks, visibly, and no longer than the user wants', async () => {
    const store = await stores["a share in the rig's own service"]!();
    const answer = { status: 503, headers: { 'Retry-After': '600' }, body: {} };
    test.rig.faults.add({ at: /GET \/penguinsstore\/test/, answer });
    const before = test.waits.length;
    const page = explained({ what: 'test', role: 'Reader' }, () => store.page('', undefined));
    while (test.waits.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    test.waits.at(-1)?.cancel();
    await assert.rejects(page, { code: 'protocol.cancelled' });
  });

  it('knows which names are free', async () => {
    const problem = (name: string) =>
      accountNameProblem(test.connect(), penguins.subscriptionId, name);
    assert.equal(await problem('surelyfree1'), null);
    assert.match((await problem('penguinsstore')) ?? '', /already taken/);
  });
});

function bound(store: Store): Store {
  return {
    page: store.page.bind(store),
    hasFile: store.hasFile.bind(store),
    upload: store.upload.bind(store),
    download: store.download.bind(store),
    makeFolder: store.makeFolder.bind(store),
    removeFile: store.removeFile.bind(store),
    removeFolder: store.removeFolder.bind(store),
  };
}

function noise(bytes: number): Buffer {
  const block = createHash('sha512').update('trainbench').digest();
  const all = Buffer.alloc(bytes, block);
  for (let i = 0; i < bytes; i += 4096) all.writeUInt32LE(i, Math.min(i, bytes - 4));
  return all;
}

function digests(folder: string): readonly string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .map((name) => {
      const bytes = fs.readFileSync(path.join(folder, name));
      return `${name} ${createHash('sha256').update(bytes).digest('hex')}`;
    });
}
