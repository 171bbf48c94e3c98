import { activate } from '../layers/activations.ts';
import type { AtLeastOne } from '../layers/layer.ts';
import type { Node } from '../ir/program.ts';
import type { Source } from './connections.ts';
import type { Model, Output } from './model.ts';
import type { NamedLayer } from './modelSummary.ts';

/** Lowers the layers in order; the logits of the last one are kept if a loss can use them. */
export function forwardPass(layers: readonly NamedLayer[]): Model['forward'] {
  return (x, context) => {
    const { builder } = context;
    const values = new Map<Source, Node>([['data', x]]);
    let output: Output = { value: x, activation: 'other' };
    for (const { index, name, sources, layer } of layers) {
      const { lower, activation } = layer;
      const inputs = sources.map((source) => values.get(source)!) as unknown as AtLeastOne<Node>;
      const [logits, value] = builder.from({ layer: name, pass: 'forward' }, () => {
        const sums = lower(inputs, context);
        return [sums, activate(builder, sums, activation)];
      });
      context.onLayer?.({ name, inputs, sums: logits, value });
      values.set(index, value);
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
