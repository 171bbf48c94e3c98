/** The model's forward pass over one row of inputs, with what training does to them before the first layer. */
import type { ForwardGraph, LayerValue } from '../graph/forwardGraph.ts';
import type { Model } from '../graph/model.ts';
import { Builder } from '../ir/builder.ts';
import { topological } from '../ir/traverse.ts';
import { batchLoops } from './batchLoops.ts';
import { takeInputs } from './takeInputs.ts';
import { forwardContext } from './trainingStep.ts';

export function forwardGraph(model: Model): ForwardGraph {
  const b = new Builder();
  const [loop] = batchLoops('predict', 1, 1);
  const x = takeInputs(b, model, { split: 'predict', rows: 1, loop: loop!, order: null });
  const input = topological([x]).find(
    ({ op }) => op.kind === 'load' && op.buffer.name === 'data/predict/x',
  );
  const types = new Map(model.layers.map(({ name, config }) => [name, config.type]));
  const layers: LayerValue[] = [];
  const { value: output } = model.forward(x, {
    ...forwardContext(b, model, null).context,
    onLayer: ({ name, value }) => void layers.push({ name, type: types.get(name) ?? '', value }),
  });
  return { input: input ?? x, output, layers };
}
