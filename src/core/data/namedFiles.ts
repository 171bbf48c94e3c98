/** The files that a config names, for whoever has to bring them somewhere else. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImageData } from '../../shared/model/imageData.ts';
import { isTableConfig, type TrainConfig } from '../../shared/model/trainConfig.ts';
import { imageField } from './images/furtherImages.ts';
import { listImageFolder } from './images/listImageFolder.ts';
import { cifarFiles } from './images/readCifar.ts';
import { listImageTable } from './images/readImageFiles.ts';

/**
 * Absolute paths of those that are there, each once; what is downloaded is not among them. What is missing is told by whoever
 * reads it.
 */
export async function namedFiles(config: TrainConfig, configFile: string): Promise<string[]> {
  const folder = path.dirname(path.resolve(configFile));
  const named = isTableConfig(config)
    ? tableFiles(config.data.path)
    : await imageFiles(config.data as ImageData, folder);
  const predicted = config.predict
    .map(({ [imageField]: image }) => image)
    .filter((image) => typeof image === 'string' && image !== '');
  const all = [...named, ...(isTableConfig(config) ? [] : (predicted as string[]))];
  const files = [...new Set(all.map((file) => path.resolve(folder, file)))];
  const kinds = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  return files.filter((_, i) => kinds[i]?.isFile() === true);
}

function tableFiles(place: string): string[] {
  return /^https?:\/\//i.test(place) ? [] : [place];
}

async function imageFiles(data: ImageData, folder: string): Promise<string[]> {
  if (data.path === null) return [];
  const place = path.resolve(folder, data.path);
  const kind = await stat(place).catch(() => null);
  if (kind === null) return [];
  switch (data.format) {
    case 'cifar10':
    case 'cifar100':
      return cifarFiles(data.format).map((name) => path.join(place, name));
    case 'idx':
      return [...(await idxFiles(place, kind.isDirectory())), ...asList(data.labels)];
    case 'images': {
      const columns = { imageColumn: data.image_column, labelColumn: data.label_column };
      const listing = kind.isDirectory()
        ? await listImageFolder(place)
        : await listImageTable({ place, ...columns }, { signal: undefined });
      const images = [...listing.train, ...(listing.test ?? [])].map(({ file }) => file);
      return kind.isDirectory() ? images : [place, ...images];
    }
    case 'npz':
    case 'npy':
      return [place, ...asList(data.labels)];
  }
}

/** Labels lie beside their images, so the files of MNIST's form in the same folder go along. */
async function idxFiles(place: string, isFolder: boolean): Promise<string[]> {
  if (!isFolder) {
    const labels = path.basename(place).replace('images', 'labels').replace('idx3', 'idx1');
    return [place, path.join(path.dirname(place), labels)];
  }
  const names = await readdir(place);
  const wanted = names.filter((name) => /^(train|t10k)-.*idx[13]-ubyte(\.gz)?$/.test(name));
  return wanted.map((name) => path.join(place, name));
}

const asList = (file: string | null): string[] => (file === null ? [] : [file]);
