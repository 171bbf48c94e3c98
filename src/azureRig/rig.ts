/**
 * Plays Azure's resource manager on this machine: for the demo, for trying by hand and for tests. Only a made-up token
 * opens it, and it knows nothing of true accounts.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakeToken } from '../azure/credentials.ts';
import { demoWorld } from './demoWorld.ts';
import { errorBody } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Asked } from './asked.ts';
import { Faults } from './faults.ts';
import { Operations } from './operations.ts';
import { settleResources } from './resourceRoutes.ts';
import { routes } from './routes.ts';
import { answerStorage, sendStorage } from './storage/storageServer.ts';
import type { Clock, World } from './world.ts';

export interface RigOptions {
  readonly world?: World;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** How long changes take: 1 is the demo's, 0 ends them at once. */
  readonly pace?: number;
  readonly pageSize?: number;
  /** Another service keeps the blobs, such as Azurite: its address without the account. Its key has to be `rigKey`. */
  readonly blobAddress?: string;
  /** Sees every request with its answer before that is sent. */
  readonly onExchange?: (exchange: Exchange) => Promise<void> | void;
}

export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly requestHeaders: http.IncomingHttpHeaders;
  readonly requestBody: unknown;
  readonly answer: Answer;
  /** The answer is made up to go wrong. */
  readonly isFault: boolean;
}

export interface Rig {
  readonly endpoint: string;
  readonly world: World;
  readonly faults: Faults;
  /** `METHOD path` of all requests so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Of a request, in bytes. */
const largestBody = 8_000_000;

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { blobAddress = null, clock = Date, pace = 1, pageSize = 100 } = options;
  const { world = demoWorld() } = options;
  const faults = new Faults();
  const operations = new Operations();
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: http.IncomingMessage, response: http.ServerResponse) {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', origin());
    const name = `${method} ${url.pathname}`;
    requests.push(name);
    const body = await readBody(request);
    const fault = faults.take(name);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault?.answer === 'drop') return void response.destroy();
    const now = clock.now();
    const parts = { method, url, headers: request.headers, body };
    const stored = fault?.answer === undefined ? answerStorage(parts, { ...world, now }) : null;
    if (stored !== null) {
      sendStorage(response, stored);
      return;
    }
    const requestBody = parsed(body, request.headers['content-type']);
    const common = { world, operations, origin: origin(), blobAddress, pace, pageSize, now };
    const failsLater = fault?.failsLater ?? null;
    const answer =
      fault?.answer ??
      answerTo({ ...common, method, url, body: requestBody, failsLater }, request.headers);
    await options.onExchange?.({
      method,
      url: url.pathname + url.search,
      requestHeaders: request.headers,
      requestBody,
      answer,
      isFault: fault?.answer !== undefined,
    });
    send(response, answer);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    endpoint: origin(),
    world,
    faults,
    requests,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answerTo(
  asked: Omit<Asked, 'names' | 'tenantId'>,
  headers: http.IncomingHttpHeaders,
): Answer {
  settleResources(asked);
  const identity = identityOf(headers.authorization);
  if (identity === null) {
    const body = errorBody('InvalidAuthenticationToken', 'The access token is invalid.');
    return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' }, body };
  }
  if (!asked.url.searchParams.has('api-version')) {
    const body = errorBody(
      'MissingApiVersionParameter',
      'The api-version query parameter is required.',
    );
    return { status: 400, headers: {}, body };
  }
  const name = `${asked.method} ${decodeURIComponent(asked.url.pathname)}`;
  for (const { answer, at } of routes) {
    const match = at.exec(name);
    if (match !== null) return answer({ ...asked, ...identity, names: match.groups ?? {} });
  }
  const message = `No resource is at ${asked.url.pathname}.`;
  return { status: 404, headers: {}, body: errorBody('InvalidResourceType', message) };
}

/** `Bearer trainbench-demo` sees all; `Bearer trainbench-demo/<tenant>` one tenant's subscriptions. Anything else, nothing. */
function identityOf(authorization = ''): { readonly tenantId: string | null } | null {
  const match = /^Bearer ([^/]+)(?:\/([\w-]+))?$/.exec(authorization);
  return match?.[1] === fakeToken ? { tenantId: match[2] ?? null } : null;
}

function parsed(body: Buffer, type = ''): unknown {
  const isJson = body.length > 0 && type.includes('json');
  return isJson ? (JSON.parse(body.toString('utf8')) as unknown) : undefined;
}

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) throw new Error('the request is too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function send(response: http.ServerResponse, { body, headers, status }: Answer): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'x-ms-request-id': randomUUID(),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
