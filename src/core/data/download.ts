/**
 * Downloads through the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); the only module
 * of the core that uses the network. A file is kept in a cache folder beside a record of its checksum, and
 * appears there only when it is complete.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Dispatcher, Response } from 'undici';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';

export interface DownloadOptions {
  /** By default `cacheDirectory()`. */
  readonly directory?: string | undefined;
  /** Checksum the file must have, in hex. */
  readonly sha256?: string | null | undefined;
  /** Fraction of the bytes, or null while the size is unknown. */
  readonly onProgress?: ((fraction: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For tests: also `http:` from this machine itself. */
  readonly allowLoopback?: boolean | undefined;
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
  await mkdir(directory, { recursive: true });
  // Loaded on first use: it is large, and most runs need no network.
  const { EnvHttpProxyAgent } = await import('undici');
  const agent = new EnvHttpProxyAgent();
  try {
    const response = await request(url, agent, options);
    const record = await save(response, { url, file, options });
    return { file, record, cached: false };
  } finally {
    await agent.destroy();
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

async function request(
  url: string,
  dispatcher: Dispatcher,
  options: DownloadOptions,
): Promise<Response> {
  requireSafe(url, options);
  const { fetch } = await import('undici');
  const { signal } = options;
  try {
    const response = await fetch(url, { dispatcher, ...(signal && { signal }) });
    requireSafe(response.url, options);
    if (response.ok) return response;
    throw failure(
      url,
      say`the server answered ${`${response.status} ${response.statusText}`.trim()}`,
    );
  } catch (error) {
    throw asFailure(url, error, signal);
  }
}

function requireSafe(url: string, { allowLoopback = false }: DownloadOptions): void {
  const { protocol, hostname } = URL.canParse(url)
    ? new URL(url)
    : { protocol: 'none', hostname: '' };
  if (protocol === 'https:') return;
  if (allowLoopback && protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname)) return;
  throw new AppError(
    'data.download',
    say`cannot download ${url}: only https addresses are allowed`,
  );
}

interface Target {
  readonly url: string;
  readonly file: string;
  readonly options: DownloadOptions;
}

async function save(response: Response, { url, file, options }: Target): Promise<DownloadRecord> {
  const partial = `${file}.${randomUUID()}.part`;
  try {
    const written = await writeSynced(partial, (handle) => copyBody(response, handle, options));
    const wanted = options.sha256?.toLowerCase();
    if (wanted !== undefined && written.sha256 !== wanted) {
      throw failure(url, say`its checksum is ${written.sha256}, expected ${wanted}`);
    }
    const record = { url, ...written, downloaded: new Date().toISOString() };
    await rename(partial, file);
    await writeSynced(partial, (handle) => handle.writeFile(JSON.stringify(record, null, 2)));
    await rename(partial, `${file}.json`);
    return record;
  } catch (error) {
    await rm(partial, { force: true });
    throw asFailure(url, error, options.signal);
  }
}

async function writeSynced<T>(file: string, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'w');
  try {
    const result = await write(handle);
    await handle.sync();
    return result;
  } finally {
    await handle.close();
  }
}

async function copyBody(response: Response, handle: FileHandle, options: DownloadOptions) {
  const hash = createHash('sha256');
  const total = Number(response.headers.get('content-length') ?? 0);
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    options.signal?.throwIfAborted();
    hash.update(chunk);
    await handle.writeFile(chunk);
    bytes += chunk.length;
    options.onProgress?.(total > 0 ? Math.min(1, bytes / total) : null);
  }
  return { sha256: hash.digest('hex'), bytes };
}

function asFailure(url: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted || error instanceof AppError) return error;
  return failure(url, reasonOf(error), error);
}

function failure(url: string, reason: string, cause?: unknown): AppError {
  const message = say`cannot download ${url}: ${reason}; check the network and HTTPS_PROXY, or get the file yourself and write its place in \`path\``;
  return new AppError('data.download', message, { cause });
}

/** The real reason is the innermost one: fetch itself only says "fetch failed". */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const inner = error instanceof Error ? error.cause : undefined;
  return inner === undefined ? errorMessage(error) || say('no connection') : reasonOf(inner);
}
