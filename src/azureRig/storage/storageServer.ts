/** Finds the played service, account, store and path that a request to a storage account means. */
import type http from 'node:http';
import { fakeToken } from '../../azure/credentials.ts';
import { answerBlobs } from './blobService.ts';
import { answerFiles } from './fileService.ts';
import type { RigStore } from './stores.ts';
import { failure } from './wire.ts';
import type { StorageAnswer } from './wire.ts';

/**
 * Below this path of the rig lie the blobs of its accounts. Shares lie at its top, below the name of their account, told by a
 * header that the resource manager has not: the library wants them there where a host is an address of numbers.
 */
export const blobRoot = '/storage/blob';

export interface StorageRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Null for what is not meant for a storage account. */
export function answerStorage(
  { body, headers, method, url }: StorageRequest,
  { now, stores }: { readonly now: number; readonly stores: RigStore[] },
): StorageAnswer | null {
  const path = decodeURIComponent(url.pathname);
  const authorization = headers.authorization ?? '';
  const isBlobs = path.startsWith(`${blobRoot}/`);
  if (!isBlobs && headers['x-ms-version'] === undefined) return null;
  const parts = path.slice(isBlobs ? blobRoot.length + 1 : 1).split('/');
  // Of the new name of a file the library leaves the account out, which then only the signature tells.
  const isRename = url.searchParams.get('comp') === 'rename';
  const signer = /^SharedKey ([^:]+):/.exec(authorization)?.[1] ?? '';
  const [account = '', store = '', ...below] = isRename ? [signer, ...parts] : parts;
  if (!mayEnter(authorization, account)) return failure(403, 'AuthenticationFailed');
  const asked = {
    ...{ account, body, headers, method, now, stores, store },
    path: below.join('/'),
    query: url.searchParams,
  };
  return isBlobs ? answerBlobs(asked) : answerFiles(asked);
}

/** A signature by some key of the account, which is not verified here (Azurite does), or the made-up token. */
function mayEnter(authorization: string, account: string): boolean {
  if (authorization.startsWith(`SharedKey ${account}:`)) return true;
  return (
    authorization === `Bearer ${fakeToken}` || authorization.startsWith(`Bearer ${fakeToken}/`)
  );
}

export function sendStorage(response: http.ServerResponse, answer: StorageAnswer): void {
  const { body, headers, status } = answer;
  response.writeHead(status, { 'x-ms-version': '2024-11-04', ...headers });
  response.end(body);
}
