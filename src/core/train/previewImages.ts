/** Shows training images as augmentation changes them: the same programs and random numbers as in training. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { elementCount, type Shape } from '../../shared/tensor/tensorType.ts';
import type { ImagePreview, Picture, PreviewWish } from '../../shared/protocol/imagePreview.ts';
import { augment, drawCount, shapeAfter, type Augmentation } from '../augment/augmentation.ts';
import { drawNumbers } from '../augment/draws.ts';
import type { Backend } from '../backends/backend.ts';
import type { PreparedData } from '../data/preparedData.ts';
import { Builder } from '../ir/builder.ts';
import { prepareTraining, type PreparedTraining } from './prepareTraining.ts';
import { readConfig } from './readConfig.ts';
import { progressOf, requirePrepared } from './requirePrepared.ts';
import type { RunEnvironment } from './trainingRun.ts';

const keepMs = 120_000;

/** Keeps the data of the last config for a while, so that another draw costs no reading. */
export class ImagePreviewer {
  #held: { readonly key: string; readonly prepared: PreparedTraining } | null = null;
  #expiry: NodeJS.Timeout | null = null;

  /** @throws AppError `config.invalid` with all diagnostics; `input.invalid` for data that are no images. */
  async preview(wish: PreviewWish, environment: RunEnvironment): Promise<ImagePreview> {
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    try {
      const prepared = await this.#prepare(wish.file, environment);
      const { config, data } = prepared;
      const { training } = config;
      const backend = await environment.createBackend({
        device: training.device,
        portable: training.deterministic === 'portable',
        backend: null,
        choices: null,
      });
      try {
        return await previewOf({ data, seed: config.seed.value, backend }, wish);
      } finally {
        backend.destroy();
      }
    } finally {
      this.#expiry = setTimeout(() => (this.#held = null), keepMs).unref();
    }
  }

  async #prepare(file: string, environment: RunEnvironment): Promise<PreparedTraining> {
    const text = await readConfig(file);
    const key = `${file}\n${text}`;
    if (this.#held?.key === key) return this.#held.prepared;
    const options = { text, file, configFile: file, ...progressOf(environment, file) };
    const prepared = requirePrepared(await prepareTraining(options), file);
    this.#held = { key, prepared };
    return prepared;
  }
}

interface Subject {
  readonly data: PreparedData;
  readonly seed: number;
  readonly backend: Backend;
}

async function previewOf(
  { data, seed, backend }: Subject,
  wish: PreviewWish,
): Promise<ImagePreview> {
  const { train, target, augmented = null } = data;
  const shape = augmented?.shape ?? data.inputShape;
  if (shape.length !== 3 || (shape[2] !== 1 && shape[2] !== 3)) {
    throw new AppError('input.invalid', say`data of the shape ${shape.join(' x ')} are no images`);
  }
  const image = wish.image % train.rows;
  const size = elementCount(shape);
  const pixels = train.x.subarray(image * size, (image + 1) * size);
  const range = valueRange(pixels);
  const augmentation = augmented?.augmentation ?? [];
  const count = augmentation.length === 0 ? 0 : wish.count;
  const draws = Array.from({ length: count }, (_, i) =>
    drawNumbers([image], { seed, epoch: wish.epoch + i, count: drawCount(augmentation) }),
  );
  const changed = await changedImages(backend, { pixels, shape, augmentation, draws });
  const after = shapeAfter(augmentation, shape);
  const width = train.y.length / train.rows;
  const label = width === 1 ? train.y[image]! : null;
  return {
    image,
    images: train.rows,
    label: label === null ? null : target.kind === 'classes' ? target.names[label]! : String(label),
    original: picture(pixels, shape, range),
    changed: changed.map((values) => picture(values, after, range)),
    transforms: transformNames(data),
  };
}

function transformNames({ preprocessing }: PreparedData): string[] {
  if (!('kind' in preprocessing)) return [];
  return preprocessing.data.augmentation.map(({ type }) => type);
}

interface Changing {
  readonly pixels: Uint8Array | Float32Array;
  readonly shape: Shape;
  readonly augmentation: Augmentation;
  /** Of each copy. */
  readonly draws: readonly Float32Array[];
}

/** The same image once for each of the draws. */
async function changedImages(
  backend: Backend,
  { pixels, shape, augmentation, draws }: Changing,
): Promise<Float32Array[]> {
  if (draws.length === 0) return [];
  const b = new Builder();
  const count = drawCount(augmentation);
  const images = b.buffer('images', 'data', 'f32', [draws.length, ...shape]);
  const drawn = b.buffer('draws', 'state', 'f32', [draws.length, count]);
  const y = augment(b, b.load(images), { augmentation, draws: b.load(drawn) });
  const changed = b.buffer('changed', 'state', 'f32', y.type.shape);
  const loop = { name: 'once', count: 1, stores: [b.assign(changed, y)] };
  const executable = await backend.compile(b.program('preview', [loop]));
  try {
    draws.forEach((own, i) => {
      executable.write('images', Float32Array.from(pixels), i * pixels.length);
      executable.write('draws', own, i * count);
    });
    await executable.run('once', 0, 1);
    const all = (await executable.read('changed')) as Float32Array;
    const size = all.length / draws.length;
    return draws.map((_, i) => all.subarray(i * size, (i + 1) * size));
  } finally {
    executable.destroy();
  }
}

type Range = readonly [low: number, high: number];

/** What is shown as black and as white: of bytes 0 and 255, of other numbers the ends of the original's. */
function valueRange(pixels: Uint8Array | Float32Array): Range {
  if (pixels instanceof Uint8Array) return [0, 255];
  const [low, high] = pixels.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  return [low, Math.max(high, low + 1e-9)];
}

function picture(
  values: Uint8Array | Float32Array,
  [height = 0, width = 0, channels = 1]: Shape,
  [low, high]: Range,
): Picture {
  const rgba = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) {
      const value = values[i * channels + (channels === 1 ? 0 : c)]!;
      const shown = Math.round((255 * (value - low)) / (high - low));
      rgba[4 * i + c] = Math.min(255, Math.max(0, shown));
    }
  }
  return { height, width, rgba };
}
