/** From `normalize` to numbers: what is measured is measured on the training images. */
import { setImmediate } from 'node:timers/promises';
import { say } from '../../../shared/language.ts';
import type { NormalizeConfig } from '../../../shared/model/imageData.ts';
import type { ImageConfig } from '../../../shared/model/trainConfig.ts';
import { elementCount, type Shape } from '../../../shared/tensor/tensorType.ts';
import { smallDeviation, type InputScale, type Whitening } from '../../graph/model.ts';
import type { PrepareOptions } from '../preparation.ts';
import type { Report } from '../report.ts';
import type { Samples } from './samples.ts';
import { fitWhitening, mostWhitenedValues } from './whitening.ts';

/** What `normalize` says without a look at the images. Null when it does not fit them, which is reported. */
export function scaleOf(
  { data }: ImageConfig,
  { shape, train }: { readonly shape: Shape; readonly train: Samples },
  report: Report,
): InputScale | null {
  const channels = shape.at(-1) ?? 1;
  const { normalize } = data;
  const spread = (key: 'mean' | 'std'): readonly number[] => {
    const value = normalize[key];
    const list = typeof value === 'number' ? [value] : value;
    if (list.length === 1 || list.length === channels) return list;
    const message = say`\`${key}\` has ${list.length} values; the images have ${channels} channels`;
    report.at(['data', 'normalize', key], { code: 'data.channels', message });
    return [];
  };
  const [mean, std] = [spread('mean'), spread('std')];
  if (std.some((value) => value === 0)) {
    const message = say('`std` is 0, and pixels cannot be divided by that');
    report.at(['data', 'normalize', 'std'], { code: 'config.outOfRange', message });
  }
  checkMeasured(normalize, report);
  checkWhitening(normalize.zca_whitening, elementCount(shape), report);
  if (report.failed) return null;
  const dtype = train.x instanceof Uint8Array ? ('u8' as const) : ('f32' as const);
  const [center, ownStd] = [normalize.samplewise_center, normalize.samplewise_std_normalization];
  const samplewise = center || ownStd ? { samplewise: { center, std: ownStd } } : {};
  return { dtype, divisor: normalize.divide_by, ...samplewise, mean, std };
}

/** What is measured cannot be given too. */
function checkMeasured(normalize: NormalizeConfig, report: Report): void {
  const pairs = [
    ['featurewise_center', 'mean', 0],
    ['featurewise_std_normalization', 'std', 1],
  ] as const;
  for (const [measured, given, usual] of pairs) {
    if (!normalize[measured] || normalize[given] === usual) continue;
    const message = say`\`${measured}\` measures the \`${given}\`, which is given too`;
    const hint = say('remove one of them');
    report.at(['data', 'normalize', given], { code: 'config.conflict', message, hint });
  }
}

function checkWhitening(wanted: boolean, values: number, report: Report): void {
  if (!wanted || values <= mostWhitenedValues) return;
  report.at(['data', 'normalize', 'zca_whitening'], {
    code: 'data.tooLarge',
    message: say`ZCA whitening is for images of up to ${mostWhitenedValues} values; these have ${values}`,
    hint: say('make the images smaller, or leave it out'),
  });
}

type Measuring = Pick<
  PrepareOptions<ImageConfig>,
  'config' | 'whitening' | 'onProgress' | 'signal'
>;

/** `scale` with all that has to be measured. Throws only the abort reason. */
export async function fitScale(
  { config, whitening, onProgress, signal }: Measuring,
  { shape, train }: { readonly shape: Shape; readonly train: Samples },
  scale: InputScale,
): Promise<InputScale> {
  const { normalize } = config.data;
  // Whitened values have to be about 0.
  const center = normalize.featurewise_center || normalize.zca_whitening;
  const std = normalize.featurewise_std_normalization;
  const measured = center || std ? await measureChannels(scale, { shape, train, signal }) : null;
  const fitted: InputScale = {
    ...scale,
    ...(measured !== null && center ? { mean: measured.mean } : {}),
    ...(measured !== null && std ? { std: measured.std } : {}),
  };
  if (!normalize.zca_whitening || whitening === undefined) return fitted;
  if (whitening !== 'measure') return { ...fitted, whitening };
  const message = say('measuring how pixels depend on each other, for ZCA whitening');
  const pause = paced(signal, (fraction) => onProgress?.({ message, fraction }));
  const matrix: Whitening = await fitWhitening(
    {
      images: train.count,
      values: elementCount(shape),
      read: imageReader(fitted, { shape, train }),
      epsilon: normalize.zca_epsilon,
    },
    {
      pause,
      signal,
      onSecond: (seconds) => onProgress?.({ message: computing(seconds), fraction: null }),
    },
  );
  return { ...fitted, whitening: matrix };
}

function computing(seconds: number): string {
  return say`computing the eigenvectors of that, for ZCA whitening: ${seconds} s so far`;
}

/** Lets others have a turn every now and then. */
function paced(
  signal: AbortSignal | undefined,
  tell: (fraction: number) => void,
): (done: number) => Promise<void> {
  let last = performance.now();
  return async (done) => {
    if (performance.now() - last < 25) return;
    tell(done);
    await setImmediate();
    signal?.throwIfAborted();
    last = performance.now();
  };
}

interface Images {
  readonly shape: Shape;
  readonly train: Samples;
}

/** Writes image i as `scale` has it, but not whitened, into the target, in float64. */
export function imageReader(
  { divisor, samplewise, mean, std }: InputScale,
  { shape, train }: Images,
): (i: number, target: Float64Array) => void {
  const size = elementCount(shape);
  return (i, target) => {
    for (let j = 0; j < size; j++) target[j] = train.x[i * size + j]! / divisor;
    if (samplewise !== undefined) standardise(target, samplewise);
    for (let j = 0; j < size; j++) {
      target[j] = (target[j]! - mean[j % mean.length]!) / std[j % std.length]!;
    }
  };
}

function standardise(
  image: Float64Array,
  { center, std }: NonNullable<InputScale['samplewise']>,
): void {
  let sum = 0;
  for (const value of image) sum += value;
  const mean = sum / image.length;
  let squares = 0;
  for (const value of image) squares += (value - mean) ** 2;
  const deviation = std ? Math.sqrt(squares / image.length) + smallDeviation : 1;
  for (let j = 0; j < image.length; j++) image[j] = (image[j]! - (center ? mean : 0)) / deviation;
}

/** Mean and deviation of each channel. */
async function measureChannels(
  scale: InputScale,
  { shape, train, signal }: Images & { readonly signal: AbortSignal | undefined },
): Promise<{ readonly mean: number[]; readonly std: number[] }> {
  const channels = shape.at(-1) ?? 1;
  const read = imageReader({ ...scale, mean: [0], std: [1] }, { shape, train });
  const image = new Float64Array(elementCount(shape));
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const pause = paced(signal, () => undefined);
  for (let i = 0; i < train.count; i++) {
    await pause(i / train.count);
    read(i, image);
    for (let j = 0; j < image.length; j++) {
      sums[j % channels]! += image[j]!;
      squares[j % channels]! += image[j]! * image[j]!;
    }
  }
  const count = (train.count * image.length) / channels;
  const mean = Array.from(sums, (sum) => sum / count);
  const std = mean.map(
    (m, c) => Math.sqrt(Math.max(0, squares[c]! / count - m * m)) + smallDeviation,
  );
  return { mean, std };
}
