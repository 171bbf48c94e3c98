/** CIFAR-10 and CIFAR-100 from their author's site: downloaded once, checked, unpacked into the cache folder. */
import { say } from '../../../shared/language.ts';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError, errorMessage } from '../../../shared/errors.ts';
import { cacheDirectory, download, type DownloadOptions } from '../download.ts';
import { isThere } from './readBytes.ts';
import type { CifarFormat } from './readCifar.ts';

interface PublicSet {
  readonly url: string;
  readonly sha256: string;
  readonly megabytes: number;
  /** In the archive. */
  readonly folder: string;
}

/** Checksums as TensorFlow Datasets records them. */
const sets: Readonly<Record<CifarFormat, PublicSet>> = {
  cifar10: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    megabytes: 170,
    folder: 'cifar-10-batches-bin',
  },
  cifar100: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
    sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    megabytes: 169,
    folder: 'cifar-100-binary',
  },
};

export type PublicSetOptions = Omit<DownloadOptions, 'sha256'> & {
  /** For tests: an archive at another address. */
  readonly source?: { readonly url: string; readonly sha256: string };
};

/**
 * The folder with the files of a data set.
 * @throws AppError `data.download` that says which file to put where.
 */
export async function publicSet(
  format: CifarFormat,
  options: PublicSetOptions = {},
): Promise<string> {
  const { folder, megabytes, ...own } = sets[format];
  const { url, sha256 } = options.source ?? own;
  const cache = options.directory ?? cacheDirectory(process.env, process.platform);
  const place = path.join(cache, folder);
  if (await isThere(place)) return place;
  const next = say`check the network and HTTPS_PROXY; without a network, get that file (${megabytes} MB) on another machine, unpack it, and put its folder ${folder} into ${cache}, or write where it is as \`path\` beside \`format\``;
  const archive = await download(url, { ...options, directory: cache, sha256, next });
  try {
    await unpack(archive.file, place, options.signal);
    await rm(archive.file, { force: true });
  } catch (cause) {
    options.signal?.throwIfAborted();
    // Another process was faster.
    if (await isThere(place)) return place;
    const message = say`cannot unpack ${archive.file} into ${place}: ${errorMessage(cause)}`;
    throw new AppError('data.read', message, { cause });
  }
  return place;
}

/** The files of a flat archive into `folder`, which appears when all are there. */
async function unpack(archive: string, folder: string, signal?: AbortSignal): Promise<void> {
  const { extract } = await import('tar-stream');
  const aside = `${folder}.${process.pid}.part`;
  await mkdir(aside, { recursive: true });
  try {
    const entries = extract();
    const unpacking = pipeline(createReadStream(archive), createGunzip(), entries, {
      ...(signal && { signal }),
    });
    const writing = (async () => {
      for await (const entry of entries) {
        const chunks: Buffer[] = [];
        for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
        if (entry.header.type !== 'file') continue;
        // Only the name counts: no archive may write elsewhere.
        const name = path.posix.basename(entry.header.name);
        await writeFile(path.join(aside, name), Buffer.concat(chunks));
      }
    })();
    await Promise.all([unpacking, writing]);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}
