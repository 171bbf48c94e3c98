/**
 * Downloads through the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). With downloadRequest.ts
 * the only module of the core that uses the network. A file is kept in a cache folder beside a record of its checksum,
 * and appears there only when it is complete. Where its checksum is known before, a cut download is gone on with.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { formatBytes } from '../../shared/numberFormat.ts';
import {
  asFailure,
  failure,
  request,
  type RequestOptions,
  type Wanted,
} from './downloadRequest.ts';
import { leavePartial, newPartial, sizeOf, takePartial } from './partialFile.ts';

export interface DownloadOptions extends RequestOptions {
  /** By default `cacheDirectory()`. */
  readonly directory?: string | undefined;
  /** Checksum the file must have, in hex. */
  readonly sha256?: string | null | undefined;
  /** Fraction of the bytes, or null while the size is unknown. */
  readonly onProgress?: ((fraction: number | null) => void) | undefined;
  /** What to do when it fails; by default to get the file oneself, and write its place in `path`. */
  readonly next?: string | undefined;
}

/** Written beside the file as `<file>.json`. */
export interface DownloadRecord {
  readonly url: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly downloaded: string;
}

export interface Downloaded {
  readonly file: string;
  readonly record: DownloadRecord;
  /** No network was needed. */
  readonly cached: boolean;
}

/** @throws AppError `data.download` with what to do next; the abort reason when cancelled. */
export async function download(url: string, options: DownloadOptions = {}): Promise<Downloaded> {
  const directory = options.directory ?? cacheDirectory(process.env, process.platform);
  const file = path.join(directory, cacheName(url));
  const known = await readRecord(file);
  const wanted = options.sha256?.toLowerCase() ?? known?.sha256;
  if (known !== null && known.sha256 === wanted) return { file, record: known, cached: true };
  try {
    await mkdir(directory, { recursive: true });
    return { file, record: await downloadTo(file, url, options), cached: false };
  } catch (error) {
    const failed = asFailure(url, error, options.signal);
    if (!(failed instanceof AppError)) throw failed;
    const message = `${failed.message}; ${options.next ?? ownNext()}`;
    throw new AppError('data.download', message, { cause: failed.cause });
  }
}

function ownNext(): string {
  return say(
    'check the network and HTTPS_PROXY, or get the file yourself and write its place in `path`',
  );
}

async function downloadTo(
  file: string,
  url: string,
  options: DownloadOptions,
): Promise<DownloadRecord> {
  // Loaded on first use: it is large, and most runs need no network.
  const { EnvHttpProxyAgent } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent();
  // Without a checksum nothing would tell whether the server still has the same file.
  const goesOn = Boolean(options.sha256);
  const partial = goesOn ? await takePartial(file) : newPartial(file);
  try {
    const written = await fill(partial, { url, dispatcher, options });
    const record = { url, ...written, downloaded: new Date().toISOString() };
    await rename(partial, file);
    await writeSynced(partial, 'w', (handle) => handle.writeFile(JSON.stringify(record, null, 2)));
    await rename(partial, `${file}.json`);
    return record;
  } catch (error) {
    if (goesOn) await leavePartial(partial, file);
    else await rm(partial, { force: true });
    throw error;
  } finally {
    await dispatcher.destroy();
  }
}

/** `TRAINBENCH_CACHE`, or a folder where the system keeps such things. */
export function cacheDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env['TRAINBENCH_CACHE']) return env['TRAINBENCH_CACHE'];
  const home = homedir();
  if (platform === 'win32') {
    return path.join(
      env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'),
      'trainbench',
      'cache',
    );
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'trainbench');
  return path.join(env['XDG_CACHE_HOME'] ?? path.join(home, '.cache'), 'trainbench');
}

/** Tells addresses apart by a digest; keeps the end of the name, so that the format can be seen. */
function cacheName(url: string): string {
  const digest = createHash('sha256').update(url).digest('hex').slice(0, 16);
  const last = URL.canParse(url) ? path.posix.basename(new URL(url).pathname) : '';
  return `${digest}-${last.replace(/[^\w.-]/g, '_').slice(-80) || 'data'}`;
}

/** The record of a complete file; null if there is none. */
async function readRecord(file: string): Promise<DownloadRecord | null> {
  try {
    const record = JSON.parse(await readFile(`${file}.json`, 'utf8')) as DownloadRecord;
    return (await stat(file)).size === record.bytes ? record : null;
  } catch {
    return null; // not downloaded yet, or not readable: then it is downloaded anew
  }
}

interface Written {
  readonly sha256: string;
  readonly bytes: number;
}

/** What the file lacks; all of it again where what it had turns out to be of another file. */
async function fill(partial: string, wanted: Wanted<DownloadOptions>): Promise<Written> {
  const { url, options } = wanted;
  const { response, from } = await request(wanted, await sizeOf(partial));
  const length = Number(response.headers.get('content-length') ?? 0);
  const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
  const total = length > 0 ? from + length : null;
  const written = await append(partial, body, { from, total, options, url });
  const expected = options.sha256?.toLowerCase();
  if (expected === undefined || written.sha256 === expected) return written;
  await rm(partial);
  if (from > 0) return fill(partial, wanted);
  throw failure(url, say`its checksum is ${written.sha256}, expected ${expected}`);
}

interface Extent {
  readonly url: string;
  /** How many bytes there are. */
  readonly from: number;
  /** How many there are to be. */
  readonly total: number | null;
  readonly options: DownloadOptions;
}

async function append(
  partial: string,
  body: AsyncIterable<Uint8Array>,
  { url, from, total, options: { onProgress, signal, sha256 } }: Extent,
): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = from;
  if (from > 0) for await (const chunk of createReadStream(partial)) hash.update(chunk as Buffer);
  try {
    await writeSynced(partial, from > 0 ? 'a' : 'w', async (handle) => {
      for await (const chunk of body) {
        signal?.throwIfAborted();
        hash.update(chunk);
        await handle.writeFile(chunk);
        bytes += chunk.length;
        onProgress?.(total === null ? null : Math.min(1, bytes / total));
      }
    });
  } catch (error) {
    const failed = asFailure(url, error, signal);
    if (!(failed instanceof AppError) || !sha256 || bytes === 0) throw failed;
    const kept = say`${formatBytes(bytes)} have come, and the next try goes on from there`;
    throw new AppError('data.download', `${failed.message}; ${kept}`, { cause: error });
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function writeSynced(
  file: string,
  flags: 'a' | 'w',
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags);
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
