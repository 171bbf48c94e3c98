import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { streamTransport } from '../../../src/coreProcess/streamTransport.ts';
import type { Envelope } from '../../../src/shared/protocol/contract.ts';

const message = (args: unknown): Envelope => ({ kind: 'event', method: 'test', args });

/** What one end sends, as bytes. */
function bytesOf(messages: readonly Envelope[]): Buffer {
  const output = new PassThrough();
  const transport = streamTransport({ input: new PassThrough(), output });
  for (const each of messages) transport.send(each);
  // A read gives all that is there on Node 20, and one of the written pieces on Node 26.
  const pieces: Buffer[] = [];
  while (output.readableLength > 0) pieces.push(output.read() as Buffer);
  return Buffer.concat(pieces);
}

async function received(chunks: readonly Buffer[]): Promise<Envelope[]> {
  const input = new PassThrough();
  const got: Envelope[] = [];
  const transport = streamTransport({ input, output: new PassThrough() });
  transport.onMessage((each) => got.push(each));
  const closed = new Promise((resolve) => transport.onClose(resolve));
  for (const chunk of chunks) input.write(chunk);
  input.end();
  await closed;
  return got;
}

describe('the link over streams', () => {
  const messages = [
    message({ text: 'año', none: undefined, values: new Float32Array([1.5, NaN]) }),
    message(new Uint8Array(7_000).fill(7)),
    message(null),
  ];

  it('brings messages with their typed arrays, however the bytes are cut', async () => {
    const bytes = bytesOf(messages);
    for (const size of [bytes.length, 4096, 1000]) {
      const count = Math.ceil(bytes.length / size);
      const chunks = Array.from({ length: count }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      assert.deepEqual(await received(chunks), messages, `chunks of ${size}`);
    }
    const start = Array.from({ length: 200 }, (_, i) => bytes.subarray(i, i + 1));
    assert.deepEqual(await received([...start, bytes.subarray(200)]), messages);
  });

  it('passes over what a shell prints before', async () => {
    const greeting = Buffer.from('Last login: today\n<trainbench\n');
    assert.deepEqual(await received([greeting, bytesOf(messages)]), messages);
  });

  it('says that it is closed when the input ends', async () => {
    assert.deepEqual(await received([Buffer.from('bash: no such command\n')]), []);
  });
});
