/** Both ends of a link over a fake transport. */
import assert from 'node:assert/strict';
import { AppError, isError } from '../../src/shared/errors.ts';
import type { CancelSignal } from '../../src/shared/protocol/cancel.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type { Envelope } from '../../src/shared/protocol/contract.ts';
import { Server } from '../../src/shared/protocol/server.ts';
import type { Handlers } from '../../src/shared/protocol/server.ts';
import { createTransportPair } from '../kit/fakeTransport.ts';

interface TestContract {
  readonly requests: {
    'number/double': { args: { value: number }; result: { value: number } };
    'values/reverse': { args: { values: Float32Array }; result: { values: Float32Array } };
    'work/fail': { args: { how: 'expected' | 'bug' }; result: null };
    'work/wait': { args: { stubborn: boolean }; result: string };
  };
  readonly events: { 'work/happened': { count: number } };
}

const handlers: Handlers<TestContract> = {
  'number/double': ({ value }) => ({ value: 2 * value }),
  'values/reverse': ({ values }) => Promise.resolve({ values: values.toReversed() }),
  'work/fail'({ how }) {
    if (how === 'expected') throw new AppError('run.busy', 'one run at a time');
    throw new TypeError('x is undefined');
  },
  'work/wait': ({ stubborn }, cancel) => (stubborn ? finishLater(cancel) : giveUp(cancel)),
};

function giveUp(cancel: CancelSignal): Promise<string> {
  return new Promise((_, reject) => {
    cancel.addEventListener('abort', () => reject(new Error('gave up')));
  });
}

function finishLater(cancel: CancelSignal): Promise<string> {
  return new Promise((resolve) => {
    cancel.addEventListener('abort', () => resolve('finished all the same'));
  });
}

const version = { protocol: 1, build: 'abc' };

function connect(options: { clientVersion?: typeof version } = {}) {
  const pair = createTransportPair();
  const errors: string[] = [];
  const client = new Client<TestContract>(pair.client, {
    version: options.clientVersion ?? version,
    closedCode: 'core.exited',
  });
  const server = new Server<TestContract>(pair.server, handlers, {
    version,
    onHandlerError: (error, method) => errors.push(`${method}: ${String(error)}`),
  });
  return { ...pair, link: pair, client, server, transport: pair.client, errors };
}

const kinds = (sent: readonly Envelope[]) => sent.map(({ kind }) => kind);
const hasCode = (code: Parameters<typeof isError>[1]) => (error: unknown) => isError(error, code);

describe('a link', () => {
  it('answers a request with the result of its handler', async () => {
    const { client } = connect();
    assert.deepEqual(await client.request('number/double', { value: 21 }), { value: 42 });
  });

  it('keeps typed arrays typed', async () => {
    const { client } = connect();
    const values = Float32Array.of(1, NaN, -0);
    const answer = await client.request('values/reverse', { values });
    assert.deepEqual(answer.values, Float32Array.of(-0, NaN, 1));
  });

  it('sends no request before the hello, and then in order', async () => {
    const { client, transport } = connect();
    const answers = [1, 2, 3].map((value) => client.request('number/double', { value }));
    assert.deepEqual(transport.sent, []);
    assert.deepEqual(await Promise.all(answers), [{ value: 2 }, { value: 4 }, { value: 6 }]);
    assert.deepEqual(kinds(transport.sent), ['request', 'request', 'request']);
  });

  it('says hello first', async () => {
    const { client, server, link } = connect();
    server.announce('work/happened', { count: 1 });
    await client.ready;
    assert.deepEqual(link.server.sent[0], { kind: 'hello', ...version });
  });

  for (const clientVersion of [
    { protocol: 2, build: 'abc' },
    { protocol: 1, build: 'xyz' },
  ]) {
    it(`refuses protocol ${clientVersion.protocol}, build ${clientVersion.build} and names both versions`, async () => {
      const { client } = connect({ clientVersion });
      const names = (error: unknown) =>
        error instanceof AppError &&
        error.code === 'core.versionMismatch' &&
        error.message.includes(
          `protocol ${clientVersion.protocol}, build ${clientVersion.build}`,
        ) &&
        error.message.includes('protocol 1, build abc');
      await assert.rejects(client.request('number/double', { value: 1 }), names);
      await assert.rejects(client.ready, names);
      await assert.rejects(client.request('number/double', { value: 1 }), names);
    });
  }

  it('lets code run from source meet any build', async () => {
    const { client } = connect({ clientVersion: { protocol: 1, build: 'source' } });
    await client.ready;
  });

  it('answers an unknown method with an error', async () => {
    const { client, transport, link } = connect();
    await client.ready;
    const answered = new Promise<Envelope>((resolve) => {
      link.client.onMessage((message) => message.kind === 'response' && resolve(message));
    });
    transport.send({ kind: 'request', id: 77, method: 'no/such', args: {} });
    const answer = await answered;
    assert.ok(answer.kind === 'response' && !answer.ok);
    assert.equal(answer.id, 77);
    assert.equal(answer.error.code, 'protocol.unknownMethod');
    assert.match(answer.error.message, /no\/such/);
  });

  it('does not take what every object inherits for a method', async () => {
    const { client, transport, link } = connect();
    await client.ready;
    const answered = new Promise<Envelope>((resolve) => {
      link.client.onMessage((message) => message.kind === 'response' && resolve(message));
    });
    transport.send({ kind: 'request', id: 78, method: 'toString', args: {} });
    const answer = await answered;
    assert.ok(answer.kind === 'response' && !answer.ok);
  });

  it('carries an expected error with its code', async () => {
    const { client } = connect();
    await assert.rejects(client.request('work/fail', { how: 'expected' }), {
      code: 'run.busy',
      message: 'one run at a time',
    });
  });

  it('carries a bug as an internal error, and tells the server with its stack', async () => {
    const { client, errors } = connect();
    await assert.rejects(client.request('work/fail', { how: 'bug' }), {
      code: 'internal',
      message: 'internal: x is undefined',
    });
    assert.deepEqual(errors, ['work/fail: TypeError: x is undefined']);
  });

  it('gives events to every listener until it leaves', async () => {
    const { client, server } = connect();
    const seen: string[] = [];
    const leave = client.on('work/happened', ({ count }) => seen.push(`a${count}`));
    client.on('work/happened', ({ count }) => seen.push(`b${count}`));
    server.announce('work/happened', { count: 1 });
    await client.request('number/double', { value: 1 });
    leave();
    server.announce('work/happened', { count: 2 });
    await client.request('number/double', { value: 1 });
    assert.deepEqual(seen, ['a1', 'b1', 'b2']);
  });
});

describe('cancelling a request', () => {
  it('ends in `cancelled` when the handler gives up', async () => {
    const { client, errors } = connect();
    const controller = new AbortController();
    const answer = client.request('work/wait', { stubborn: false }, controller.signal);
    await client.request('number/double', { value: 1 });
    controller.abort();
    await assert.rejects(answer, hasCode('protocol.cancelled'));
    assert.deepEqual(errors, [], 'a cancelled handler has not failed');
  });

  it('gives the result when the handler finishes all the same', async () => {
    const { client } = connect();
    const controller = new AbortController();
    const answer = client.request('work/wait', { stubborn: true }, controller.signal);
    await client.request('number/double', { value: 1 });
    controller.abort();
    assert.equal(await answer, 'finished all the same');
  });

  it('never sends a request that was cancelled before the hello', async () => {
    const { client, transport } = connect();
    const controller = new AbortController();
    const answer = client.request('work/wait', { stubborn: false }, controller.signal);
    controller.abort();
    await assert.rejects(answer, hasCode('protocol.cancelled'));
    await client.ready;
    assert.deepEqual(transport.sent, []);
  });

  it('fails at once with a signal that is aborted already', async () => {
    const { client, transport } = connect();
    await client.ready;
    const answer = client.request('number/double', { value: 1 }, AbortSignal.abort());
    await assert.rejects(answer, hasCode('protocol.cancelled'));
    assert.deepEqual(transport.sent, []);
  });

  it('after the answer sends nothing', async () => {
    const { client, transport } = connect();
    const controller = new AbortController();
    await client.request('number/double', { value: 1 }, controller.signal);
    controller.abort();
    assert.deepEqual(kinds(transport.sent), ['request']);
  });
});

describe('a link that closes', () => {
  it('fails every pending call with the reason, and every later one at once', async () => {
    const { client, link } = connect();
    const pending = [true, false].map((stubborn) => client.request('work/wait', { stubborn }));
    await client.ready;
    link.breakDown('it crashed');
    for (const call of pending) {
      await assert.rejects(call, { code: 'core.exited', message: 'it crashed' });
    }
    await assert.rejects(client.request('number/double', { value: 1 }), { code: 'core.exited' });
  });

  it('fails calls that still waited for the hello', async () => {
    const pair = createTransportPair();
    const client = new Client<TestContract>(pair.client, { version });
    const call = client.request('number/double', { value: 1 });
    pair.breakDown('never came up');
    await assert.rejects(call, { code: 'protocol.closed', message: 'never came up' });
    await assert.rejects(client.ready, { code: 'protocol.closed' });
  });

  it('cancels what the server still works on', async () => {
    let cancelled = false;
    const pair = createTransportPair();
    const client = new Client<TestContract>(pair.client, { version });
    new Server<TestContract>(
      pair.server,
      {
        ...handlers,
        'work/wait': (_, cancel) => {
          cancel.addEventListener('abort', () => (cancelled = true));
          return giveUp(cancel);
        },
      },
      { version },
    );
    const call = client.request('work/wait', { stubborn: false });
    await client.request('number/double', { value: 1 });
    client.close();
    await assert.rejects(call, hasCode('protocol.closed'));
    assert.equal(cancelled, true);
  });

  it('tells whoever asks why it closed, before or after', async () => {
    const { client, link } = connect();
    const reasons: string[] = [];
    client.onClose((error) => reasons.push(error.message));
    await client.ready;
    link.breakDown('gone');
    client.onClose((error) => reasons.push(`late: ${error.message}`));
    assert.deepEqual(reasons, ['gone', 'late: gone']);
  });
});
