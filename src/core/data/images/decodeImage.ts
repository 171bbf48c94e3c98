/** PNG and JPEG files to pixels; the decoders are loaded when the first image is read. */
import { say } from '../../../shared/language.ts';
import { readFile } from 'node:fs/promises';
import { errorMessage } from '../../../shared/errors.ts';
import { unreadable } from './readBytes.ts';
import { resize, type Image } from './resize.ts';

export type ColorMode = 'rgb' | 'grayscale';

export interface ImageWish {
  readonly colorMode: ColorMode;
  /** Height and width; null: as it is. */
  readonly size: readonly [number, number] | null;
}

/** @throws AppError `data.read` that names the file. */
export async function readImage(file: string, wish: ImageWish): Promise<Image> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, errorMessage(error));
  });
  return decodeImage(bytes, file, wish);
}

/** @throws AppError `data.read` that names the file. */
export async function decodeImage(
  bytes: Uint8Array,
  file: string,
  { colorMode, size }: ImageWish,
): Promise<Image> {
  const { height, width, rgba } = await decode(bytes, file);
  const image = withChannels({ height, width, channels: 4, pixels: rgba }, colorMode);
  return size === null ? image : resize(image, ...size);
}

interface Decoded {
  readonly height: number;
  readonly width: number;
  readonly rgba: Uint8Array;
}

/** By the first bytes, not by the name. */
async function decode(bytes: Uint8Array, file: string): Promise<Decoded> {
  try {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) {
      const { PNG } = await import('pngjs');
      const { height, width, data } = PNG.sync.read(Buffer.from(bytes));
      return { height, width, rgba: data };
    }
    if (bytes[0] === 0xff && bytes[1] === 0xd8) {
      const { decode: decodeJpeg } = (await import('jpeg-js')).default;
      const { height, width, data } = decodeJpeg(bytes, { useTArray: true, formatAsRGBA: true });
      return { height, width, rgba: data };
    }
  } catch {
    throw unreadable(file, say('the image is damaged, or cut; get it again, or take it out'));
  }
  throw unreadable(file, say('it is neither PNG nor JPEG'));
}

/** Grey by the weights of ITU-R BT.601, as Pillow and TensorFlow do. Transparency is left out, as there. */
function withChannels({ height, width, pixels: rgba }: Image, mode: ColorMode): Image {
  const count = height * width;
  const channels = mode === 'rgb' ? 3 : 1;
  const pixels = new Uint8Array(count * channels);
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!];
    if (mode === 'rgb') pixels.set([r, g, b], 3 * i);
    else pixels[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return { height, width, channels, pixels };
}
