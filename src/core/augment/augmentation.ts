/** The `augmentation` of a config as a whole: what it draws, what it does to a training batch, and what else. */
import { unreachable } from '../../shared/errors.ts';
import type { TransformConfig } from '../../shared/model/augmentation.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { compose, identity, type Affine } from './affine.ts';
import { randomBrightness, randomChannelShift, randomContrast } from './colour.ts';
import {
  randomCrop,
  randomFlip,
  randomRotation,
  randomShear,
  randomTranslation,
  randomZoom,
} from './geometric.ts';
import { resample } from './resample.ts';
import type { Draws, Fill, Geometric, Pixelwise, Size, Transform } from './transform.ts';

export type Augmentation = readonly Transform[];

/** `shape`: of one image, [height, width, channels]. */
export function createAugmentation(
  configs: readonly TransformConfig[],
  shape: Shape,
): Augmentation {
  return configs.map((config) => createTransform(config, shape.at(-1) ?? 1));
}

function createTransform(config: TransformConfig, channels: number): Transform {
  switch (config.type) {
    case 'RandomFlip':
      return randomFlip(config);
    case 'RandomTranslation':
      return randomTranslation(config);
    case 'RandomRotation':
      return randomRotation(config);
    case 'RandomZoom':
      return randomZoom(config);
    case 'RandomShear':
      return randomShear(config);
    case 'RandomCrop':
      return randomCrop(config);
    case 'RandomBrightness':
      return randomBrightness(config);
    case 'RandomContrast':
      return randomContrast(config);
    case 'RandomChannelShift':
      return randomChannelShift(config, channels);
    default:
      return unreachable(config);
  }
}

/** Uniform numbers that an image takes in an epoch. */
export function drawCount(augmentation: Augmentation): number {
  return augmentation.reduce((sum, { draws }) => sum + draws, 0);
}

/** Of what the model gets, for images of the shape `shape`. */
export function shapeAfter(augmentation: Augmentation, shape: Shape): Shape {
  const [height = 0, width = 0, ...channels] = shape;
  const size = augmentation.reduce<Size>(
    (before, transform) => (transform.kind === 'geometric' ? transform.sizeAfter(before) : before),
    [height, width],
  );
  return [...size, ...channels];
}

/**
 * The images of a training batch, changed. x: f32 [batch, height, width, channels]; draws: f32 [batch, drawCount],
 * uniform in [0, 1).
 */
export function augment(
  b: Builder,
  x: Node,
  { augmentation, draws }: { readonly augmentation: Augmentation; readonly draws: Node },
): Node {
  const [batch = 0] = x.type.shape;
  let drawn = 0;
  const own = (count: number): Draws => {
    const first = drawn;
    drawn += count;
    return Array.from({ length: count }, (_, i) =>
      b.reshape(b.slice(draws, [0, first + i], [batch, 1]), [batch]),
    );
  };
  return runsOf(augmentation).reduce((images, run) => {
    if (run.kind === 'pixelwise') return run.apply(b, images, own(run.draws));
    return moved(b, images, run, (part, size) => part.matrix(b, own(part.draws), size));
  }, x);
}

/** What the model gets where nothing is random: a crop has to be one there, too. */
export function withoutChance(b: Builder, x: Node, augmentation: Augmentation): Node {
  return augmentation.reduce((images, part) => {
    if (part.kind === 'pixelwise' || part.still === null) return images;
    return moved(b, images, { kind: 'run', parts: [part], fill: part.fill }, (_, size) =>
      part.still!(size),
    );
  }, x);
}

/** Transforms that one resampling does. */
interface Run {
  readonly kind: 'run';
  readonly parts: readonly Geometric[];
  readonly fill: Fill | null;
}

/** Neighbours that fill alike belong together: pixels are interpolated once, and nothing is filled twice. */
function runsOf(augmentation: Augmentation): (Run | Pixelwise)[] {
  const runs: (Run | Pixelwise)[] = [];
  for (const transform of augmentation) {
    const last = runs.at(-1);
    if (transform.kind === 'pixelwise') {
      runs.push(transform);
    } else if (last?.kind === 'run' && fillsAlike(last.fill, transform.fill)) {
      const parts = [...last.parts, transform];
      runs[runs.length - 1] = { kind: 'run', parts, fill: last.fill ?? transform.fill };
    } else {
      runs.push({ kind: 'run', parts: [transform], fill: transform.fill });
    }
  }
  return runs;
}

function fillsAlike(one: Fill | null, other: Fill | null): boolean {
  if (one === null || other === null) return true;
  const sameValue = one.mode !== 'constant' || one.value === other.value;
  return one.mode === other.mode && one.interpolation === other.interpolation && sameValue;
}

/** Where nothing is filled: a place between pixels can be asked for only where a piece is resized. */
const noFill: Fill = { mode: 'nearest', value: 0, interpolation: 'bilinear' };

function moved(
  b: Builder,
  images: Node,
  { parts, fill }: Run,
  mapOf: (part: Geometric, before: Size) => Affine,
): Node {
  let size: Size = [images.type.shape[1]!, images.type.shape[2]!];
  let map = identity;
  for (const part of parts) {
    map = compose(b, map, mapOf(part, size));
    size = part.sizeAfter(size);
  }
  return resample(b, images, { map, size, fill: fill ?? noFill });
}
