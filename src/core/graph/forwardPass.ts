import { activate } from '../layers/activations.ts';
import type { Model, Output } from './model.ts';
import type { NamedLayer } from './modelSummary.ts';

/** Lowers the layers in order; the logits of the last one are kept if a loss can use them. */
export function forwardPass(layers: readonly NamedLayer[]): Model['forward'] {
  return (x, context) => {
    let output: Output = { value: x, activation: 'other' };
    for (const { name, layer } of layers) {
      const { lower, activation } = layer;
      const input = output.value;
      const logits = lower(input, context);
      const value = activate(context.builder, logits, activation);
      context.onLayer?.({ name, inputs: [input], sums: logits, value });
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
