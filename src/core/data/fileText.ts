/** The text of a data file, piece by piece, with its checksum and progress. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { TextEncodingName } from '../../shared/model/data.ts';
import { markedEncoding, textReader, type TextReader } from './textDecoding.ts';

export interface ReadOptions {
  /** Fraction of the file's bytes read so far, 0 .. 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TextOptions extends ReadOptions {
  /** By default UTF-8; a byte order mark says it first. */
  readonly encoding?: TextEncodingName | undefined;
}

export interface FileText {
  /** Pieces of about 1 MB: decoded, without byte order mark, every line end as `\n`. */
  readonly pieces: AsyncGenerator<string, void>;
  /** Hex digest of the bytes; known when all pieces are read. */
  sha256(): string;
}

/**
 * @throws AppError `data.read` when the file cannot be read, its cause a NotUtf8 where it is that; the abort reason
 * when cancelled.
 */
export function fileText(file: string, options: TextOptions): FileText {
  const hash = createHash('sha256');
  return {
    pieces: decode(file, options, (bytes) => hash.update(bytes)),
    sha256: () => hash.digest('hex'),
  };
}

async function* decode(
  file: string,
  options: TextOptions,
  onBytes: (bytes: Buffer) => void,
): AsyncGenerator<string, void> {
  let decoder: TextReader | null = null;
  const lines = lineEnds();
  const total = await fileSize(file);
  let done = 0;
  for await (const bytes of readBytes(file)) {
    options.signal?.throwIfAborted();
    if (done === 0) refuseOtherKinds(file, bytes);
    onBytes(bytes);
    decoder ??= textReader(bytes, options.encoding);
    yield lines.normalize(decodePiece(file, decoder, bytes));
    done += bytes.length;
    options.onProgress?.(Math.min(1, done / total));
  }
  yield lines.normalize(decoder?.end() ?? '') + lines.end();
}

function decodePiece(file: string, decoder: TextReader, bytes: Buffer): string {
  try {
    return decoder.write(bytes);
  } catch (error) {
    throw readFailure(file, error);
  }
}

/** What would otherwise be read as one wrong cell after the other. */
function refuseOtherKinds(file: string, start: Buffer): void {
  const head = start.subarray(0, 2).toString('hex');
  const kinds: Readonly<Record<string, string>> = {
    '1f8b': say('it is compressed: unpack it first'),
    '504b': say('it is compressed or a spreadsheet: unpack it, or export it as CSV'),
  };
  const reason = kinds[head];
  if (reason !== undefined) throw readFailure(file, new Error(reason));
}

/** The encoding that a byte order mark names; null without one, or where the file cannot be read. */
export async function fileMark(file: string): Promise<TextEncodingName | null> {
  const opened = await open(file).catch(() => null);
  try {
    const { buffer, bytesRead } = (await opened?.read(Buffer.alloc(3), 0, 3, 0)) ?? {};
    return buffer === undefined ? null : markedEncoding(buffer.subarray(0, bytesRead));
  } catch {
    return null; // a folder: reading it says so
  } finally {
    await opened?.close();
  }
}

async function fileSize(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isDirectory())
      throw new Error(say('it is a folder; for images, write a config as that of samples/digits'));
    return found.size;
  } catch (error) {
    throw readFailure(file, isMissing(error) ? new Error(say('there is no such file')) : error);
  }
}

async function* readBytes(file: string): AsyncGenerator<Buffer, void> {
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    for await (const bytes of stream) yield bytes as Buffer;
  } catch (error) {
    throw readFailure(file, error);
  } finally {
    stream.destroy();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function readFailure(file: string, error: unknown): AppError {
  return new AppError('data.read', say`cannot read ${file}: ${errorMessage(error)}`, {
    cause: error,
  });
}

/** Makes CRLF and CR into LF, also where a CRLF lies across two pieces. */
function lineEnds(): { normalize(text: string): string; end(): string } {
  let heldReturn = '';
  return {
    normalize(text) {
      const whole = heldReturn + text;
      if (!whole.includes('\r')) return whole;
      heldReturn = whole.endsWith('\r') ? '\r' : '';
      return whole.slice(0, whole.length - heldReturn.length).replace(/\r\n?/g, '\n');
    },
    end: () => (heldReturn === '' ? '' : '\n'),
  };
}
