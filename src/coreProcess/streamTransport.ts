/**
 * The link to a core over plain streams, where no IPC channel is: what `fork` does with `serialization: 'advanced'`, framed by
 * ourselves. First comes a mark, since a login shell may print a greeting before; then frames of a length in four bytes
 * (little-endian) and as many bytes of V8's serialization, which keeps typed arrays typed.
 */
import type { Readable, Writable } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { invariant } from '../shared/errors.ts';
import type { Envelope, Transport } from '../shared/protocol/contract.ts';

const mark = Buffer.from('\n<trainbench core, framed>\n');
/** A frame that claims to be longer is noise. */
const mostFrameBytes = 1 << 30;

export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves with the reason when the link is gone; by default when the input ends. */
  readonly closed?: Promise<string>;
}

export function streamTransport({ input, output, closed = ended(input) }: Streams): Transport {
  const listeners: ((message: Envelope) => void)[] = [];
  const read = frameReader((bytes) => {
    const message = deserialize(bytes) as Envelope;
    for (const listener of listeners) listener(message);
  });
  output.on('error', () => undefined); // the end of the input tells
  output.write(mark);
  return {
    send(message) {
      if (output.writable) output.write(framed(serialize(message)));
    },
    onMessage(wanted) {
      // What comes before somebody listens waits in the stream.
      if (listeners.push(wanted) === 1) input.on('data', read);
    },
    onClose: (wanted) => void closed.then(wanted),
    close: () => void output.end(),
  };
}

function ended(input: Readable): Promise<string> {
  return new Promise((resolve) => {
    const over = () => resolve('the input has ended');
    input.once('end', over).once('close', over).once('error', over);
  });
}

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Gives whole frames, however the chunks are cut. @throws Error for a length that cannot be one. */
function frameReader(onFrame: (bytes: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = 0;
  let isMarked = false;
  const take = (): Buffer => {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks = [];
    held = 0;
    return all;
  };
  const keep = (rest: Buffer): void => {
    if (rest.length === 0) return;
    chunks.push(rest);
    held += rest.length;
  };
  return (chunk) => {
    keep(chunk);
    // Until then a long frame only gathers: looking at each chunk would copy it again and again.
    if (held < needed) return;
    let rest = take();
    if (!isMarked) {
      const at = rest.indexOf(mark);
      if (at < 0) {
        keep(rest.subarray(-mark.length));
        return;
      }
      isMarked = true;
      rest = rest.subarray(at + mark.length);
    }
    for (;;) {
      needed = rest.length < 4 ? 4 : 4 + rest.readUInt32LE();
      invariant(needed <= mostFrameBytes, 'a frame is too long');
      if (rest.length < needed) break;
      onFrame(rest.subarray(4, needed));
      rest = rest.subarray(needed);
    }
    keep(rest);
  };
}
