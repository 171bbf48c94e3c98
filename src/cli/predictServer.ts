/**
 * A run's model over HTTP, for programs on this machine: `POST /predict` takes a row or a list of rows as JSON.
 * It listens on the loopback address only. A page in a browser must not reach it under a name of its own
 * (DNS rebinding), so requests that name another host are refused, and so are those that a page can send
 * to a foreign address without asking (any content type but JSON).
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AppError, errorMessage, isError, toWireError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { stringifyNumbers } from '../shared/jsonNumbers.ts';
import type { InputRow, Prediction } from '../shared/protocol/core.ts';
import { parseRows } from './inputRows.ts';

export interface PredictServerOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** What `GET /` answers: which fields a row has, and an example. */
  readonly description: unknown;
  readonly predict: (rows: readonly InputRow[]) => Promise<readonly Prediction[]>;
  /** Called after each request. */
  readonly onAnswer: (request: string, status: number) => void;
}

export interface PredictServer {
  readonly port: number;
  close(): Promise<void>;
}

const address = '127.0.0.1';
const maxBodyBytes = 16e6;

/** @throws AppError `input.invalid` where the port is taken or not ours to use. */
export async function startPredictServer(options: PredictServerOptions): Promise<PredictServer> {
  const server = createServer((request, response) => void answer(options, request, response));
  await listen(server, options.port);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      const why = taken ? say('another program uses it') : errorMessage(error);
      reject(
        new AppError('input.invalid', say`cannot listen on port ${port}: ${why}; try --port 0`),
      );
    });
    server.listen(port, address, resolve);
  });
}

async function answer(
  options: PredictServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await reply(options, request).catch((error: unknown) => failure(error));
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${stringifyNumbers(body)}\n`);
  options.onAnswer(`${request.method ?? ''} ${request.url ?? ''}`, status);
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

async function reply(options: PredictServerOptions, request: IncomingMessage): Promise<Reply> {
  const { method, url, headers } = request;
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '')) {
    return problem(403, say`ask for http://${address}, not for another host`);
  }
  if (url === '/' && method === 'GET') return { status: 200, body: options.description };
  if (url !== '/predict') return problem(404, say('there are GET / and POST /predict'));
  if (method !== 'POST') return problem(405, say('send the rows with POST'));
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return problem(415, say('the header content-type must be application/json'));
  }
  const text = await readBody(request);
  if (text === null) return problem(413, say`a request may have ${maxBodyBytes / 1e6} MB`);
  const predictions = await options.predict(parseRows(text, say('the body')));
  return { status: 200, body: { predictions } };
}

/** Null for one that is too long; the rest of it is thrown away, so that the client hears why. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes > maxBodyBytes ? null : Buffer.concat(chunks).toString('utf8');
}

function problem(status: number, error: string): Reply {
  return { status, body: { error } };
}

/** Rows that do not fit are the client's mistake. */
function failure(error: unknown): Reply {
  const { message, diagnostics } = toWireError(error);
  const clients = isError(error, 'input.invalid') || isError(error, 'data.read');
  return { status: clients ? 400 : 500, body: { error: message, diagnostics } };
}
