import type { FileHandle } from 'node:fs/promises';

/** So many bytes of a file from an offset. @throws RangeError where the file ends before. */
export async function readFully(
  handle: FileHandle,
  at: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  if (bytesRead < length) throw new RangeError(`the file ends at byte ${at + bytesRead}`);
  return bytes;
}
