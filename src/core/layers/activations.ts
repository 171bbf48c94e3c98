/** Activation functions as IR, by their Keras names. */
import type { ActivationConfig } from '../../shared/model/activations.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { logSoftmax, softmax, softplus } from '../ir/stableMath.ts';

type Config<Type extends ActivationConfig['type']> = Extract<ActivationConfig, { type: Type }>;
type Lowerings = {
  readonly [Type in ActivationConfig['type']]: (b: Builder, x: Node, config: Config<Type>) => Node;
};

// Klambauer et al. 2017, "Self-Normalizing Neural Networks".
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

const lowerings: Lowerings = {
  linear: (_, x) => x,
  relu: (b, x) => b.binary('max', x, 0),
  leaky_relu: (b, x, { negative_slope }) => b.select(positive(b, x), x, b.mul(x, negative_slope)),
  elu: (b, x, { alpha }) => elu(b, x, alpha),
  selu: (b, x) => b.mul(elu(b, x, seluAlpha), seluScale),
  gelu: (b, x, { approximate }) => (approximate ? geluTanh(b, x) : geluExact(b, x)),
  sigmoid: (b, x) => b.unary('sigmoid', x),
  tanh: (b, x) => b.unary('tanh', x),
  softmax: (b, x) => softmax(b, x),
  log_softmax: (b, x) => logSoftmax(b, x),
  softplus: (b, x) => softplus(b, x),
  swish: (b, x) => b.mul(x, b.unary('sigmoid', x)),
};

/** Applies the activation to x; softmax and log_softmax work along the last axis. */
export function activate(b: Builder, x: Node, config: ActivationConfig): Node {
  const lower = lowerings[config.type] as (b: Builder, x: Node, config: ActivationConfig) => Node;
  return lower(b, x, config);
}

function elu(b: Builder, x: Node, alpha: number): Node {
  const isPositive = positive(b, x);
  return b.select(isPositive, x, b.mul(b.unary('expm1', b.select(isPositive, 0, x)), alpha));
}

function geluExact(b: Builder, x: Node): Node {
  const doubled = b.add(b.unary('erf', b.mul(x, Math.SQRT1_2)), 1);
  return b.mul(b.mul(x, 0.5), doubled);
}

function geluTanh(b: Builder, x: Node): Node {
  const cubic = b.add(x, b.mul(b.mul(b.mul(x, x), x), 0.044715));
  const doubled = b.add(b.unary('tanh', b.mul(cubic, Math.sqrt(2 / Math.PI))), 1);
  return b.mul(b.mul(x, 0.5), doubled);
}

function positive(b: Builder, x: Node): Node {
  return b.compare('gt', x, 0);
}
