/** Asks an https address for a file, or for the rest of one, and says in words why it does not come. */
import type { Dispatcher, Response } from 'undici';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** For tests: also `http:` from this machine itself. */
  readonly allowLoopback?: boolean | undefined;
}

export interface Wanted<Options extends RequestOptions = RequestOptions> {
  readonly url: string;
  readonly dispatcher: Dispatcher;
  readonly options: Options;
}

/**
 * What the server sends from byte `from` on, or from the start where it cannot begin in the middle.
 * @throws AppError `data.download`; the abort reason.
 */
export async function request(
  wanted: Wanted,
  from = 0,
): Promise<{ readonly response: Response; readonly from: number }> {
  const response = await ask(wanted, from);
  if (response.status === 200) return { response, from: 0 };
  if (response.status === 206 && startOf(response) === from) return { response, from };
  await response.body?.cancel();
  // 416: there is no such byte, as the file is another by now. Anew, then.
  if (from > 0) return request(wanted);
  throw failure(wanted.url, answered(response));
}

async function ask({ url, dispatcher, options }: Wanted, from: number): Promise<Response> {
  requireSafe(url, options);
  const { fetch } = await import('undici');
  const { signal } = options;
  // Bytes as they are in the file: only these can be counted, and gone on with.
  const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
  try {
    const response = await fetch(url, { dispatcher, headers, ...(signal && { signal }) });
    requireSafe(response.url, options);
    if (response.ok || response.status === 416) return response;
    throw failure(url, answered(response));
  } catch (error) {
    throw asFailure(url, error, signal);
  }
}

function answered({ status, statusText }: Response): string {
  return say`the server answered ${`${status} ${statusText}`.trim()}`;
}

/** `Content-Range: bytes 5-99/100` (RFC 9110, 14.4). */
function startOf({ headers }: Response): number | null {
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  return start === undefined ? null : Number(start);
}

function requireSafe(url: string, { allowLoopback = false }: RequestOptions): void {
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

/** Errors of the network and the disk in words; ours and the abort reason as they are. */
export function asFailure(url: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted || error instanceof AppError) return error;
  return failure(url, reasonOf(error), error);
}

export function failure(url: string, reason: string, cause?: unknown): AppError {
  return new AppError('data.download', say`cannot download ${url}: ${reason}`, { cause });
}

/** The real reason is the innermost one: fetch itself only says "fetch failed". */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const inner = error instanceof Error ? error.cause : undefined;
  return inner === undefined ? errorMessage(error) || say('no connection') : reasonOf(inner);
}
