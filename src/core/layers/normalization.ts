/** What the normalising layers share: mean and variance over axes, and a learned scale and offset. */
import { type Shape, elementCount } from '../../shared/tensor/tensorType.ts';
import type { ForwardContext, ModelTensor } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';

export interface Moments {
  readonly mean: Node;
  /** Biased: divided by the number of values. */
  readonly variance: Node;
}

/** Over `axes`, which disappear unless `keepAxes`. */
export function momentsOver(
  b: Builder,
  x: Node,
  axes: readonly number[],
  keepAxes = false,
): Moments {
  const count = elementCount(axes.map((axis) => x.type.shape[axis]!));
  const mean = b.div(b.reduce('sum', x, axes, true), count);
  const deviation = b.sub(x, mean);
  const variance = b.div(b.reduce('sum', b.mul(deviation, deviation), axes, keepAxes), count);
  if (keepAxes) return { mean, variance };
  return { mean: b.reshape(mean, variance.type.shape), variance };
}

interface AffineConfig {
  /** Whether there is a `beta`. */
  readonly center: boolean;
  /** Whether there is a `gamma`. */
  readonly scale: boolean;
  readonly epsilon: number;
}

/** `gamma` of ones and `beta` of zeros, where the config asks for them. */
export function affineTensors(config: AffineConfig, name: string, shape: Shape): ModelTensor[] {
  return [
    ...(config.scale ? [filledTensor(`${name}/gamma`, shape, { value: 1, trainable: true })] : []),
    ...(config.center ? [filledTensor(`${name}/beta`, shape, { value: 0, trainable: true })] : []),
  ];
}

export function filledTensor(
  name: string,
  shape: Shape,
  { value, trainable }: { readonly value: number; readonly trainable: boolean },
): ModelTensor {
  return {
    name,
    shape,
    trainable,
    initialize: () => new Float32Array(elementCount(shape)).fill(value),
  };
}

interface AffineSite {
  readonly config: AffineConfig;
  readonly name: string;
  readonly x: Node;
  readonly moments: Moments;
  /** Of gamma and beta, to broadcast against x; as they are by default. */
  readonly affineShape?: Shape;
}

/** gamma * (x - mean) / sqrt(variance + epsilon) + beta; everything broadcasts to x. */
export function applyAffine(
  context: ForwardContext,
  { config, name, x, moments, affineShape }: AffineSite,
): Node {
  const b = context.builder;
  const learned = (role: string): Node => {
    const tensor = context.tensor(`${name}/${role}`);
    return b.reshape(tensor, affineShape ?? tensor.type.shape);
  };
  const inverse = b.unary('rsqrt', b.add(moments.variance, config.epsilon));
  const factor = config.scale ? b.mul(inverse, learned('gamma')) : inverse;
  const scaled = b.mul(b.sub(x, moments.mean), factor);
  return config.center ? b.add(scaled, learned('beta')) : scaled;
}
