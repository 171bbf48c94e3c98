/** Reads the images that a config names, from wherever they are. */
import { say } from '../../../shared/language.ts';
import path from 'node:path';
import type { ImageData } from '../../../shared/model/imageData.ts';
import { AppError } from '../../../shared/errors.ts';
import type { DownloadOptions } from '../download.ts';
import type { DataProgress } from '../preparation.ts';
import { publicSet } from './publicSets.ts';
import { readArrays } from './readArrays.ts';
import { readCifar } from './readCifar.ts';
import { readIdx } from './readIdx.ts';
import { readImageFiles } from './readImageFiles.ts';
import type { ReadSamplesOptions, SampleSet } from './samples.ts';

export interface SamplesRequest {
  readonly data: ImageData;
  /** Paths in `data` are relative to it. */
  readonly folder: string;
  readonly onProgress: (progress: DataProgress) => void;
  readonly signal: AbortSignal | undefined;
  readonly download: DownloadOptions;
}

export interface FoundSamples {
  /** File or folder they were read from. */
  readonly place: string;
  readonly samples: SampleSet;
}

/** @throws AppError `data.read`, `data.download` or `input.invalid`; the abort reason of `signal`. */
export async function readSamples(request: SamplesRequest): Promise<FoundSamples> {
  const place = await locate(request);
  const { data, folder, onProgress, signal } = request;
  const message = say`reading ${data.path ?? data.format}`;
  const told = (fraction: number | null) => onProgress({ message, fraction });
  const inFolder = (file: string | null) => (file === null ? null : path.resolve(folder, file));
  try {
    return { place, samples: await read(data, place, { onProgress: told, signal }, inFolder) };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    if (!isNoFile(cause)) throw cause;
    throw new AppError('data.read', say`there is no file or folder ${place}`, { cause });
  }
}

function isNoFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function locate({ data, folder, ...options }: SamplesRequest): Promise<string> {
  if (data.path !== null) return path.resolve(folder, data.path);
  const message = say`downloading ${data.format}`;
  return publicSet(data.format as 'cifar10' | 'cifar100', {
    ...options.download,
    signal: options.signal,
    onProgress: (fraction) => options.onProgress({ message, fraction }),
  });
}

function read(
  data: ImageData,
  place: string,
  options: ReadSamplesOptions,
  inFolder: (file: string | null) => string | null,
): Promise<SampleSet> {
  switch (data.format) {
    case 'cifar10':
    case 'cifar100':
      return readCifar({ format: data.format, folder: place, labels: data.labels }, options);
    case 'idx':
      return readIdx({ place, labels: inFolder(data.labels) }, options);
    case 'images':
      return readImageFiles(
        {
          place,
          imageColumn: data.image_column,
          labelColumn: data.label_column,
          colorMode: data.color_mode,
          size: data.image_size as readonly [number, number] | null,
        },
        options,
      );
    case 'npz':
    case 'npy':
      return readArrays(
        { format: data.format, file: place, labels: inFolder(data.labels) },
        options,
      );
  }
}
