/**
 * Initial values of parameters, as Keras 3 defines its initialisers: variance scaling with variance
 * scale / fan, uniform in ±sqrt(3 variance), or normal, cut off at two standard deviations and
 * widened so that the variance is right again. Computed in float64, then rounded.
 */
import type { InitializerConfig } from '../../shared/model/initializers.ts';
import { type Shape, elementCount } from '../../shared/tensor/tensorType.ts';
import type { InitialSeed } from '../graph/model.ts';
import { type RandomSource, randomSource, streamOf } from '../random/threefry.ts';

/** Inputs and outputs that meet in one unit of the layer. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Standard deviation of a standard normal that is cut off at ±2. */
const truncatedDeviation = 0.8796256610342398;

/** Values of a new tensor of `shape`, row-major. With `seed.torch` see `torchValues`. */
export function initialValues(
  config: InitializerConfig,
  shape: Shape,
  fans: Fans,
  seed: InitialSeed,
): Float32Array {
  if (seed.torch !== undefined && config.type === 'pytorch_default') {
    return torchValues(shape, fans, seed.torch);
  }
  const sample = sampler(config, shape, fans);
  const random = randomSource({ seed: seed.seed, stream: streamOf('initialize', seed.index) });
  return Float32Array.from({ length: elementCount(shape) }, () => sample(random));
}

type Sampler = (random: RandomSource) => number;

function sampler(config: InitializerConfig, shape: Shape, { fanIn, fanOut }: Fans): Sampler {
  const fanMean = (fanIn + fanOut) / 2;
  switch (config.type) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => config.value;
    case 'random_uniform':
      return uniform(config.minval, config.maxval);
    case 'random_normal':
      return (random) => config.mean + config.stddev * random.normal();
    case 'glorot_uniform':
      return symmetric(Math.sqrt(3 / fanMean));
    case 'he_uniform':
      return symmetric(Math.sqrt(6 / fanIn));
    case 'lecun_uniform':
      return symmetric(Math.sqrt(3 / fanIn));
    case 'pytorch_default':
      return symmetric(torchBound(shape, fanIn));
    case 'glorot_normal':
      return truncatedNormal(Math.sqrt(1 / fanMean));
    case 'he_normal':
      return truncatedNormal(Math.sqrt(2 / fanIn));
    case 'lecun_normal':
      return truncatedNormal(Math.sqrt(1 / fanIn));
  }
}

function symmetric(bound: number): Sampler {
  return uniform(-bound, bound);
}

function uniform(low: number, high: number): Sampler {
  return (random) => low + (high - low) * random.uniform();
}

function truncatedNormal(deviation: number): Sampler {
  const scale = deviation / truncatedDeviation;
  return (random) => {
    let x: number;
    do x = random.normal();
    while (Math.abs(x) > 2);
    return scale * x;
  };
}

/**
 * What nn.Linear and nn.Conv2d draw: weights by kaiming_uniform_(a = sqrt(5)), which is ±1 / sqrt(fan_in) but for the
 * rounding of the detour, biases by ±1 / sqrt(fan_in). Source: torch/nn/modules/linear.py, nn/init.py.
 */
function torchBound(shape: Shape, fanIn: number): number {
  if (shape.length === 1) return 1 / Math.sqrt(fanIn);
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  return Math.sqrt(3) * (gain / Math.sqrt(fanIn));
}

/** Draws in PyTorch's order: its weights are [out, in, ...window], ours [...window, in, out]. */
function torchValues(
  shape: Shape,
  { fanIn }: Fans,
  torch: NonNullable<InitialSeed['torch']>,
): Float32Array {
  const bound = torchBound(shape, fanIn);
  const drawn = torch.uniform(elementCount(shape), -bound, bound);
  if (shape.length === 1) return drawn;
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const window = elementCount(shape.slice(0, -2));
  return drawn.map((_, i) => {
    const [place, input, output] = [
      Math.floor(i / outputs / inputs),
      Math.floor(i / outputs) % inputs,
      i % outputs,
    ];
    return drawn[(output * inputs + input) * window + place]!;
  });
}
