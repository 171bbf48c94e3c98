/** What a file is named by on both sides of a link: the SHA-256 of its bytes, in hexadecimal digits. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** @throws the system's error where the file cannot be read; the abort reason when cancelled. */
export async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const options = signal === undefined ? {} : { signal };
  for await (const chunk of createReadStream(file, options)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
