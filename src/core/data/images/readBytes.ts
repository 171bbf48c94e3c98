/** The bytes of data files, unpacked, with a checksum over all that were read. */
import { say } from '../../../shared/language.ts';
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError, errorMessage } from '../../../shared/errors.ts';

const unzip = promisify(gunzip);

export interface FileBytes {
  /** Without the packing of gzip. @throws AppError `data.read` */
  read(file: string): Promise<Uint8Array>;
  /** Of what has been read so far, as it is on disk. */
  sha256(): string;
}

export function fileBytes(signal: AbortSignal | undefined): FileBytes {
  const hash = createHash('sha256');
  return {
    async read(file) {
      try {
        const bytes = await readFile(file, signal === undefined ? {} : { signal });
        hash.update(bytes);
        return isPacked(bytes) ? await unpack(bytes, file) : bytes;
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof AppError) throw cause;
        throw new AppError('data.read', say`cannot read ${file}: ${errorMessage(cause)}`, {
          cause,
        });
      }
    },
    sha256: () => hash.copy().digest('hex'),
  };
}

/** By its first bytes: browsers unpack some files and leave the name as it is, or the other way round. */
function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

async function unpack(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  return unzip(bytes).catch(() => {
    throw unreadable(file, say('it is packed with gzip and damaged or cut; get it again'));
  });
}

export function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

export function unreadable(file: string, reason: string): AppError {
  return new AppError('data.read', say`cannot read ${file}: ${reason}`);
}
