/** Looks at large files through a real forked core: with progress, beside other requests, until cancelled. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isError } from '../../src/shared/errors.ts';
import type { Client } from '../../src/shared/protocol/client.ts';
import type { CoreContract } from '../../src/shared/protocol/core.ts';
import { configText } from '../unit/data/dataKit.ts';
import { disposeCores, forkRealCore } from '../kit/realCore.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

type CoreClient = Client<CoreContract>;

describe('a look at a large file', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  afterEach(disposeCores);

  /** About 12 MB. */
  function writeLarge(): string {
    const file = path.join(folder(), 'large.csv');
    const line = (i: number): string => `${'0.12345678,'.repeat(10)}${i % 3}`;
    const lines = Array.from({ length: 100_000 }, (_, i) => line(i));
    writeFileSync(file, ['a,b,c,d,e,f,g,h,i,j,y', ...lines, ''].join('\n'));
    return file;
  }

  function writeLargeConfig(): string {
    const data = `path: ${path.basename(writeLarge())}\nfeatures: [a, b, c, d, e]\ntarget: y`;
    const file = path.join(folder(), 'large.train.yaml');
    writeFileSync(file, configText(data));
    return file;
  }

  const inspect = (core: CoreClient, file: string, signal?: AbortSignal) =>
    core.request('data/inspect', { file }, signal);
  const propose = (core: CoreClient, file: string, signal?: AbortSignal) =>
    core.request('config/propose', { dataFile: file }, signal);
  for (const [method, write, ask] of [
    ['data/inspect', writeLarge, inspect],
    ['data/inspect of a config', writeLargeConfig, inspect],
    ['config/propose', writeLarge, propose],
  ] as const) {
    it(`${method} tells its progress and lets other requests in`, async () => {
      const { client } = forkRealCore();
      const file = write();
      const order: string[] = [];
      const firstProgress = new Promise<void>((resolve) => {
        client.on('run/progress', ({ file: of, fraction }) => {
          assert.ok(of === file && fraction !== null && fraction > 0);
          order.push('progress');
          resolve();
        });
      });
      const look = ask(client, file).then(() => order.push('look'));
      await firstProgress;
      await client.request('device/list', {});
      order.push('other');
      await look;
      assert.ok(order.indexOf('other') < order.indexOf('look'), order.join());
      assert.ok(order.filter((what) => what === 'progress').length >= 5);
    });

    it(`${method} stops when cancelled`, async () => {
      const { client } = forkRealCore();
      const controller = new AbortController();
      const end = client.on('run/progress', () => controller.abort());
      const look = ask(client, write(), controller.signal);
      await assert.rejects(look, (error) => isError(error, 'protocol.cancelled'));
      end();
      assert.ok((await client.request('device/list', {})).devices.length > 0, 'the core goes on');
    });
  }
});
