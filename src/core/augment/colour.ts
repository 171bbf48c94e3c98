/** The transforms of Keras that change the values of pixels. */
import type { TransformOf } from '../../shared/model/augmentation.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { rangeOf, uniform, type Pixelwise } from './transform.ts';

type Ranged = TransformOf<'RandomBrightness' | 'RandomContrast' | 'RandomChannelShift'>;

/** [batch, 1, 1, channels or 1] of one number for each image and channel, or for each image. */
function perImage(b: Builder, values: readonly Node[]): Node {
  const [batch = 0] = values[0]!.type.shape;
  const parts = values.map((value) => b.reshape(value, [batch, 1, 1, 1]));
  return parts.length === 1 ? parts[0]! : b.concat(parts, 3);
}

function cut(b: Builder, x: Node, [low, high]: Ranged['value_range']): Node {
  return b.binary('min', b.binary('max', x, low!), high!);
}

/** x + shift, the shift a share of the value range. */
function shifted(
  b: Builder,
  x: Node,
  {
    config,
    draws,
  }: { config: TransformOf<'RandomBrightness' | 'RandomChannelShift'>; draws: readonly Node[] },
): Node {
  const [low = 0, high = 0] = config.value_range;
  const shares = uniform(
    b,
    perImage(b, draws),
    rangeOf(config.factor, (f) => -f),
  );
  return cut(b, b.add(x, b.mul(shares, high - low)), config.value_range);
}

export function randomBrightness(config: TransformOf<'RandomBrightness'>): Pixelwise {
  return { kind: 'pixelwise', draws: 1, apply: (b, x, draws) => shifted(b, x, { config, draws }) };
}

export function randomChannelShift(
  config: TransformOf<'RandomChannelShift'>,
  channels: number,
): Pixelwise {
  return {
    kind: 'pixelwise',
    draws: channels,
    apply: (b, x, draws) => shifted(b, x, { config, draws }),
  };
}

/** About the mean of each channel of each image. */
export function randomContrast(config: TransformOf<'RandomContrast'>): Pixelwise {
  const [less, more] = rangeOf(config.factor, (f) => f);
  return {
    kind: 'pixelwise',
    draws: 1,
    apply: (b, x, draws) => {
      const [, height = 0, width = 0] = x.type.shape;
      const mean = b.div(b.reduce('sum', x, [1, 2], true), height * width);
      const factor = uniform(b, perImage(b, draws), [1 - less, 1 + more]);
      return cut(b, b.add(b.mul(b.sub(x, mean), factor), mean), config.value_range);
    },
  };
}
