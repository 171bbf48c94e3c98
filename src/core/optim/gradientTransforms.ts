/** What happens to gradients before the optimizer takes them. */
import type { OptimizerConfig } from '../../shared/model/optimizers.ts';
import type { Conventions } from '../../shared/model/schemaKit.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import type { GradientTransform, ParameterUpdate } from './types.ts';

/**
 * Clips as Keras: `clipvalue` each number, `clipnorm` each tensor, `global_clipnorm` all together; PyTorch's
 * clip_grad_norm_ adds 1e-6 to that norm. PyTorch's weight decay is part of the gradient, but for AdamW's.
 */
export function gradientTransform(
  config: OptimizerConfig,
  conventions: Conventions,
): GradientTransform {
  return (b, updates) => {
    const clipped = withGradients(updates, clip(b, config, updates, conventions));
    const { weight_decay: decay } = config;
    if (!decay || conventions !== 'pytorch' || config.type === 'AdamW') return clipped;
    return clipped.map(({ buffer, gradient }) => ({
      buffer,
      gradient: b.add(gradient, b.mul(b.load(buffer), decay)),
    }));
  };
}

function withGradients(
  updates: readonly ParameterUpdate[],
  gradients: readonly Node[],
): ParameterUpdate[] {
  return updates.map(({ buffer }, i) => ({ buffer, gradient: gradients[i]! }));
}

function clip(
  b: Builder,
  { clipnorm, clipvalue, global_clipnorm }: OptimizerConfig,
  updates: readonly ParameterUpdate[],
  conventions: Conventions,
): Node[] {
  const gradients = updates.map(({ gradient }) => gradient);
  if (clipvalue !== undefined) {
    return gradients.map((g) => b.binary('min', b.binary('max', g, -clipvalue), clipvalue));
  }
  if (clipnorm !== undefined) {
    return gradients.map((g) => b.mul(g, shrink(b, squares(b, g), clipnorm, 0)));
  }
  if (global_clipnorm === undefined || gradients.length === 0) return gradients;
  const all = gradients.map((g) => squares(b, g)).reduce((sum, next) => b.add(sum, next));
  const factor = shrink(b, all, global_clipnorm, conventions === 'pytorch' ? 1e-6 : 0);
  return gradients.map((g) => b.mul(g, factor));
}

function squares(b: Builder, g: Node): Node {
  return b.reduce('sum', b.mul(g, g));
}

/** limit / norm where the norm is larger, else 1. */
function shrink(b: Builder, squareSum: Node, limit: number, epsilon: number): Node {
  const norm = b.add(b.unary('sqrt', squareSum), epsilon);
  return b.div(limit, b.binary('max', norm, limit));
}
