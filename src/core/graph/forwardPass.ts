import { activate } from '../layers/activations.ts';
import type { Layer } from '../layers/layer.ts';
import type { Model, Output } from './model.ts';

/** Lowers the layers in order; the logits of the last one are kept if a loss can use them. */
export function forwardPass(layers: readonly Layer[]): Model['forward'] {
  return (x, context) => {
    let output: Output = { value: x, activation: 'other' };
    for (const { lower, activation } of layers) {
      const logits = lower(output.value, context);
      const value = activate(context.builder, logits, activation);
      output = withLogits(activation.type)
        ? { value, logits, activation: activation.type }
        : { value, activation: 'other' };
    }
    return output;
  };
}

function withLogits(type: string): type is Exclude<Output['activation'], 'other'> {
  return type === 'softmax' || type === 'log_softmax' || type === 'sigmoid';
}
