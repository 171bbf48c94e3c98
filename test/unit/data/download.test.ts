import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { cacheDirectory, download, type DownloadOptions } from '../../../src/core/data/download.ts';
import { AppError } from '../../../src/shared/errors.ts';
import { brief, configText, prepare } from './dataKit.ts';
import { scratchFolder } from '../../kit/scratchFolder.ts';

const content = 'a,y\n1,p\n2,q\n';
const sha256 = createHash('sha256').update(content).digest('hex');

function isDownloadError(pattern: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AppError && error.code === 'data.download', String(error));
    assert.match(error.message, pattern);
    return true;
  };
}

describe('downloads', () => {
  let server: Server;
  let origin: string;
  let requests: string[] = [];
  const answers: Record<string, RequestListener> = {
    '/data.csv': (_, response) => {
      response.setHeader('content-length', content.length);
      response.end(content);
    },
    '/broken.csv': (_, response) => {
      response.setHeader('content-length', content.length);
      response.write(content.slice(0, 5), () => response.destroy());
    },
    '/moved.csv': (_, response) => response.writeHead(302, { location: '/data.csv' }).end(),
    '/away.csv': (_, response) =>
      response.writeHead(302, { location: 'http://example.invalid/x.csv' }).end(),
  };

  before((done) => {
    server = createServer((request, response) => {
      requests.push(request.url ?? '');
      const answer = answers[request.url ?? ''];
      if (answer) answer(request, response);
      else response.writeHead(404, 'Not Found').end();
    });
    server.listen(0, '127.0.0.1', () => {
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });

  beforeEach(() => {
    requests = [];
  });

  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  const options = (directory = scratchFolder()) => ({ directory, allowLoopback: true });

  it('keep the file with its checksum, and need the network once', async () => {
    const where = options();
    const fractions: (number | null)[] = [];
    const onProgress = (fraction: number | null): void => void fractions.push(fraction);
    const first = await download(`${origin}/data.csv`, { ...where, onProgress });
    assert.equal(readFileSync(first.file, 'utf8'), content);
    assert.match(first.file, /-data\.csv$/);
    assert.equal(first.record.sha256, sha256);
    assert.equal(fractions.at(-1), 1);
    const again = await download(`${origin}/data.csv`, where);
    assert.deepEqual({ ...again, cached: false }, first);
    assert.equal(again.cached, true);
    assert.deepEqual(requests, ['/data.csv']);
    assert.equal(readdirSync(where.directory).length, 2, 'the file and its record');
  });

  it('come again when the cached file is cut off or another checksum is asked for', async () => {
    const where = options();
    const { file } = await download(`${origin}/data.csv`, where);
    writeFileSync(file, content.slice(0, 3));
    await download(`${origin}/data.csv`, { ...where, sha256: sha256.toUpperCase() });
    assert.equal(readFileSync(file, 'utf8'), content);
    const other = download(`${origin}/data.csv`, { ...where, sha256: 'f'.repeat(64) });
    await assert.rejects(
      other,
      isDownloadError(new RegExp(`its checksum is ${sha256}, expected f{64}`)),
    );
    assert.equal(requests.length, 3);
    assert.equal(readFileSync(file, 'utf8'), content, 'the good file is still there');
  });

  it('leave nothing behind when they fail', async () => {
    const where = options();
    await assert.rejects(
      download(`${origin}/broken.csv`, where),
      isDownloadError(/cannot download .*broken\.csv: /),
    );
    await assert.rejects(
      download(`${origin}/none.csv`, where),
      isDownloadError(/the server answered 404 Not Found/),
    );
    assert.deepEqual(readdirSync(where.directory), []);
  });

  describe('with a checksum, when they are cut', () => {
    const size = 50_000;
    const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 131 + (i >> 8)) % 256));
    const checksum = createHash('sha256').update(bytes).digest('hex');
    const half = size / 2;
    /** What of the file each request asks for. */
    let ranges: (string | undefined)[] = [];
    let hangUp: () => void;
    /** How the server answers a request for the rest. */
    let rest: RequestListener;

    beforeEach(() => {
      ranges = [];
      rest = (_, response) => {
        response.writeHead(206, { 'content-range': `bytes ${half}-${size - 1}/${size}` });
        response.end(bytes.subarray(half));
      };
      answers['/large.bin'] = (incoming, response): void => {
        ranges.push(incoming.headers.range);
        if (incoming.headers.range !== undefined) {
          rest(incoming, response);
          return;
        }
        response.setHeader('content-length', size);
        if (ranges.length > 1) {
          response.end(bytes);
          return;
        }
        response.write(bytes.subarray(0, half));
        hangUp = () => response.destroy();
      };
    });

    const large = (where: DownloadOptions) =>
      download(`${origin}/large.bin`, { ...where, sha256: checksum });

    async function cut(where: DownloadOptions): Promise<void> {
      const pattern = /large\.bin: .*; 25 kB have come, and the next try goes on from there; check/;
      const onProgress = (fraction: number | null): void => {
        if (fraction === half / size) hangUp();
      };
      await assert.rejects(large({ ...where, onProgress }), isDownloadError(pattern));
      assert.match(readdirSync(where.directory!).join(), /^\w+-large\.bin\.part$/);
    }

    it('go on where they were', async () => {
      const where = options();
      await cut(where);
      const fractions: (number | null)[] = [];
      const onProgress = (fraction: number | null): void => void fractions.push(fraction);
      const { file } = await large({ ...where, onProgress });
      assert.ok(readFileSync(file).equals(bytes));
      assert.deepEqual(ranges, [undefined, `bytes=${half}-`]);
      assert.ok(fractions.every((fraction) => fraction === null || fraction > 0.5));
      assert.equal(readdirSync(where.directory).length, 2, 'the file and its record');
    });

    it('go on from what a killed process left, not from what a living one has', async () => {
      const where = options();
      await cut(where);
      const [left = ''] = readdirSync(where.directory).map((name) =>
        path.join(where.directory, name),
      );
      const ended = spawnSync(process.execPath, ['-e', '']).pid;
      const start = left.slice(0, -'part'.length);
      const alive = `${start}${process.ppid}.b.part`;
      writeFileSync(alive, bytes);
      writeFileSync(`${start}${ended}.a.part`, bytes.subarray(0, 9));
      renameSync(left, `${start}${ended}.c.part`);
      await large(where);
      assert.deepEqual(ranges, [undefined, `bytes=${half}-`]);
      assert.deepEqual(readFileSync(alive).length, size);
      assert.equal(
        readdirSync(where.directory).length,
        3,
        'the file, its record, the other’s part',
      );
    });

    const others: readonly [what: string, answer: RequestListener, requests: number][] = [
      ['gives all of it', (_, response) => response.end(bytes), 2],
      ['has no such part', (_, response) => response.writeHead(416).end(), 3],
      [
        'has another file by now',
        (_, response) => {
          response.writeHead(206, { 'content-range': `bytes ${half}-${size - 1}/${size}` });
          response.end(Buffer.alloc(half));
        },
        3,
      ],
    ];
    for (const [what, answer, requests] of others) {
      it(`come anew from a server that ${what}`, async () => {
        const where = options();
        await cut(where);
        rest = answer;
        const { file } = await large(where);
        assert.ok(readFileSync(file).equals(bytes));
        assert.equal(ranges.length, requests);
      });
    }

    it('keep what has come when they are cancelled', async () => {
      const where = options();
      const stop = new AbortController();
      const onProgress = (): void => stop.abort();
      await assert.rejects(large({ ...where, signal: stop.signal, onProgress }), {
        name: 'AbortError',
      });
      assert.match(readdirSync(where.directory).join(), /^\w+-large\.bin\.part$/);
    });
  });

  it('say why the cache folder cannot be used', async () => {
    const where = options();
    writeFileSync(path.join(where.directory, 'file'), '');
    const directory = path.join(where.directory, 'file', 'cache');
    await assert.rejects(
      download(`${origin}/data.csv`, { ...where, directory }),
      isDownloadError(/data\.csv: a part of its path is no folder .*; check the network/),
    );
  });

  it('follow redirects, but not to an address that is not https', async () => {
    const { file } = await download(`${origin}/moved.csv`, options());
    assert.equal(readFileSync(file, 'utf8'), content);
    await assert.rejects(
      download(`${origin}/away.csv`, options()),
      isDownloadError(/cannot download/),
    );
  });

  it('are only made by https', async () => {
    const plain = download('http://example.invalid/a.csv', { directory: scratchFolder() });
    await assert.rejects(plain, isDownloadError(/only https addresses/));
    await assert.rejects(
      download(`${origin}/data.csv`, { directory: scratchFolder() }),
      isDownloadError(/only https addresses/),
    );
    assert.deepEqual(requests, []);
  });

  it('say what to do without a network', async () => {
    const unused = createServer();
    await new Promise<void>((done) => unused.listen(0, '127.0.0.1', done));
    const { port } = unused.address() as AddressInfo;
    await new Promise((done) => unused.close(done));
    const offline = download(`http://127.0.0.1:${port}/a.csv`, options());
    const pattern = /ECONNREFUSED.*; check the network and HTTPS_PROXY, or get the file yourself/;
    await assert.rejects(offline, isDownloadError(pattern));
  });

  it('go through the proxy of the environment', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end(content);
    });
    proxy.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url ?? ''}`);
      socket.end('HTTP/1.1 502 no\r\n\r\n');
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const saved = { ...process.env };
    try {
      const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      for (const name of ['NO_PROXY', 'no_proxy']) process.env[name] = '';
      for (const name of ['HTTPS_PROXY', 'https_proxy']) process.env[name] = address;
      await assert.rejects(
        download('https://data.example.invalid/a.csv', options()),
        isDownloadError(/./),
      );
    } finally {
      process.env = saved;
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
    }
    assert.deepEqual(seen, ['CONNECT data.example.invalid:443']);
  });

  it('stop when cancelled', async () => {
    const cancelled = download(`${origin}/data.csv`, { ...options(), signal: AbortSignal.abort() });
    await assert.rejects(cancelled, { name: 'AbortError' });
  });

  it('serve as the data of a config; failures are shown at its path', async () => {
    const text = configText(
      'path: https://data.example.invalid/data.csv\nfeatures: [a]\ntarget: y\nsplit: {train: 1}',
    );
    const from = (path: string) =>
      prepare(text, null, { address: `${origin}${path}`, download: options() });
    const { data, diagnostics } = await from('/data.csv');
    assert.ok(data, diagnostics.map(brief).join('\n'));
    assert.equal(data.source.sha256, sha256);
    const failed = await from('/none.csv');
    assert.equal(failed.data, null);
    assert.match(
      brief(failed.diagnostics[0]!),
      /^a\.train\.yaml:2:9 error data\.download cannot download .*404/,
    );
  });

  it('lie where the system keeps caches', () => {
    assert.equal(cacheDirectory({ TRAINBENCH_CACHE: '/c' }, 'linux'), '/c');
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/x' }, 'linux'), '/x/trainbench');
    assert.match(cacheDirectory({}, 'linux'), /\.cache\/trainbench$/);
    assert.match(cacheDirectory({}, 'darwin'), /Library\/Caches\/trainbench$/);
    assert.match(cacheDirectory({ LOCALAPPDATA: '/l' }, 'win32'), /^\/l/);
  });
});
