/** Sends files to another machine: those whose content it does not have yet, then each to its place. */
import { open, stat } from 'node:fs/promises';
import { hashFile } from '../../coreProcess/hashFile.ts';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { MachineLink } from '../../coreProcess/machineLink.ts';

export interface SentFile {
  /** Here. */
  readonly file: string;
  /** There. */
  readonly place: string;
}

export interface SendOptions {
  readonly onProgress: (message: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
}

/** Large enough that the way to and fro costs little, small enough for lively progress. */
const partBytes = 1 << 20;
/** As many files are read at once. */
const hashedAtOnce = 8;
/** Requests stay short with a hundred thousand files. */
const filesPerRequest = 2000;

/** @returns bytes that were sent. @throws AppError `data.read`; the abort reason of `signal` */
export async function sendFiles(
  { client }: MachineLink,
  files: readonly SentFile[],
  { onProgress, signal }: SendOptions,
): Promise<number> {
  const hashes = await hashAll(files, { onProgress, signal });
  const byHash = new Map(files.map(({ file }, i) => [hashes[i]!, file]));
  const missing: string[] = [];
  for (const sha256 of batches([...byHash.keys()])) {
    missing.push(...(await client.request('files/missing', { sha256 }, signal)).missing);
  }
  const sizes = await Promise.all(
    missing.map(async (hash) => (await stat(byHash.get(hash)!)).size),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let sent = 0;
  for (const sha256 of missing) {
    await sendFile(client, { file: byHash.get(sha256)!, sha256 }, (bytes) => {
      signal.throwIfAborted();
      sent += bytes;
      onProgress(say('sending data'), total === 0 ? null : sent / total);
    });
  }
  const places = files.map(({ place }, i) => ({ path: place, sha256: hashes[i]! }));
  for (const batch of batches(places))
    await client.request('files/place', { files: batch }, signal);
  return total;
}

function batches<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / filesPerRequest);
  return Array.from({ length: count }, (_, i) =>
    all.slice(i * filesPerRequest, (i + 1) * filesPerRequest),
  );
}

async function hashAll(
  files: readonly SentFile[],
  { onProgress, signal }: SendOptions,
): Promise<string[]> {
  const hashes: string[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < files.length) {
      const at = next++;
      const { file } = files[at]!;
      hashes[at] = await hashFile(file, signal).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new AppError('data.read', say`cannot read ${file}: ${errorMessage(cause)}`, {
          cause,
        });
      });
      onProgress(say('looking at the data'), ++done / files.length);
    }
  };
  await Promise.all(Array.from({ length: hashedAtOnce }, work));
  return hashes;
}

async function sendFile(
  client: MachineLink['client'],
  { file, sha256 }: { readonly file: string; readonly sha256: string },
  onSent: (bytes: number) => void,
): Promise<void> {
  const handle = await open(file, 'r');
  try {
    for (let offset = 0, isLast = false; !isLast;) {
      const buffer = new Uint8Array(partBytes);
      const { bytesRead } = await handle.read(buffer, 0, partBytes, offset);
      isLast = bytesRead < partBytes;
      const bytes = buffer.subarray(0, bytesRead);
      await client.request('files/put', { sha256, offset, bytes: bytes.slice(), isLast });
      onSent(bytesRead);
      offset += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
