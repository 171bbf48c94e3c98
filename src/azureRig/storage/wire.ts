/** Requests and answers of the played storage services: bytes and XML in place of JSON. */
import type { RigStore } from './stores.ts';

export interface StorageAsked {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly account: string;
  /** Empty for the service itself. */
  readonly store: string;
  /** In the store; empty for its top. */
  readonly path: string;
  readonly stores: RigStore[];
  readonly now: number;
}

export interface StorageAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export function failure(status: number, code: string): StorageAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return {
    status,
    headers: { 'x-ms-error-code': code, 'Content-Type': 'application/xml' },
    body,
  };
}

export function xml(body: string): StorageAnswer {
  const text = `<?xml version="1.0" encoding="utf-8"?>${body}`;
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: text };
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `x-ms-range: bytes=2-5`; null where it is absent. */
export function rangeOf({ headers }: StorageAsked): readonly [from: number, to: number] | null {
  const text = headers['x-ms-range'] ?? headers['range'];
  const match = /^bytes=(\d+)-(\d*)$/.exec(String(text ?? ''));
  if (match === null) return null;
  return [Number(match[1]), match[2] === '' ? Infinity : Number(match[2])];
}

/** A file, or the range of it that was asked for. */
export function content(
  asked: StorageAsked,
  { bytes, modified }: { readonly bytes: Buffer; readonly modified: number },
): StorageAnswer {
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Last-Modified': new Date(modified).toUTCString(),
    ETag: `"${modified}"`,
    'Accept-Ranges': 'bytes',
  };
  const range = rangeOf(asked);
  if (asked.method === 'HEAD' || range === null || bytes.length === 0) {
    const length = { 'Content-Length': String(bytes.length) };
    return asked.method === 'HEAD'
      ? { status: 200, headers: { ...headers, ...length } }
      : { status: 200, headers: { ...headers, ...length }, body: bytes };
  }
  const [from, to] = range;
  if (from >= bytes.length) return failure(416, 'InvalidRange');
  const end = Math.min(to, bytes.length - 1);
  const part = bytes.subarray(from, end + 1);
  const where = { 'Content-Range': `bytes ${from}-${end}/${bytes.length}` };
  const length = { 'Content-Length': String(part.length) };
  return { status: 206, headers: { ...headers, ...where, ...length }, body: part };
}

/** A page of names after `marker`. @returns the names and the marker of the next page. */
export function pageOf<T extends { readonly name: string }>(
  { query }: StorageAsked,
  all: readonly T[],
): { readonly items: readonly T[]; readonly next: string } {
  const marker = query.get('marker') ?? '';
  const most = Number(query.get('maxresults') ?? 5000);
  const rest = all
    .filter(({ name }) => name > marker)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const items = rest.slice(0, most);
  return { items, next: rest.length > most ? (items.at(-1)?.name ?? '') : '' };
}
